"""Settings without widgets: each change is stored at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.services.preferences import ChangeSettings
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.settings.state import (
    Listed,
    LoadFailed,
    Loading,
    SettingsState,
)
from cxr_desktop.ui.session import Session

Found = tuple[tuple[Setting, ...], dict[str, SettingValue]]


class SettingsPresenter(QObject):
    """Emits a `SettingsState`; a refused value goes back to the stored one."""

    state_changed = Signal(object)

    def __init__(self, settings: ChangeSettings, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._settings, self._runner, self._session = settings, runner, session
        self._asked: dict[str, int] = {}
        self.state: SettingsState = Loading()

    def refresh(self) -> None:
        """Read all settings."""
        self._runner.start(lambda _job: self._load(), done=self._on_loaded, failed=self._on_failed)

    def change(self, key: str, value: SettingValue) -> None:
        """Store one value; of several in a row for one key, only the last answer is shown."""
        actor = self._session.actor
        if actor is None or not isinstance(self.state, Listed) or self.state.values[key] == value:
            return
        self._asked[key] = self._asked.get(key, 0) + 1
        number = self._asked[key]
        self._runner.start(
            lambda _job: self._settings.set(actor, key, value),
            done=lambda _: self._on_stored(key, number, value),
            failed=lambda error: self._on_refused(key, number, error),
        )

    def _load(self) -> Found:
        rows = tuple(self._settings.rows())
        return rows, {row.key: self._settings.get(row.key) for row in rows}

    def _on_loaded(self, found: Found) -> None:
        rows, values = found
        self._show(Listed(rows, values))

    def _on_failed(self, error: UserError) -> None:
        self._show(LoadFailed(notice_of(error)))

    def _on_stored(self, key: str, number: int, value: SettingValue) -> None:
        if isinstance(self.state, Listed):
            values = {**self.state.values, key: value}
            self._show(replace(self.state, values=values))
            self._say(key, number, self._stored_notice(self.state, key))

    def _on_refused(self, key: str, number: int, error: UserError) -> None:
        self._say(key, number, notice_of(error))

    def _stored_notice(self, state: Listed, key: str) -> Notice:
        later = any(row.key == key and row.needs_restart for row in state.rows)
        hint = self.tr("It counts from the next start of the program.") if later else ""
        return Notice("info", self.tr("Saved."), hint)

    def _say(self, key: str, number: int, notice: Notice) -> None:
        if isinstance(self.state, Listed) and self._asked.get(key) == number:
            self._show(replace(self.state, said={**self.state.said, key: notice}))

    def _show(self, state: SettingsState) -> None:
        self.state = state
        self.state_changed.emit(state)
