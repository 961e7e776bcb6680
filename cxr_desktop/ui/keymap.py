"""The keys of the screens' actions and the mouse buttons: as the signed-in person chose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.keys import KeyChoices
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.widgets.tools import MouseButtons

MOUSE = "mouse."  # before the names of the buttons, among the stored choices
PORTABLE = QKeySequence.SequenceFormat.PortableText


class ChoosingKeys(Protocol):
    """`services.keys.ChooseKeys`."""

    def of(self, actor: Actor) -> KeyChoices:
        """Return one's own choices."""
        ...

    def save(self, actor: Actor, choices: KeyChoices) -> None:
        """Store these instead."""
        ...


class TakesButtons(Protocol):
    """`ui.widgets.compare_stage.CompareStage`."""

    def set_buttons(self, buttons: MouseButtons) -> None:
        """Let the mouse buttons do this."""
        ...


@dataclass(frozen=True, slots=True)
class Keyed:
    """One thing that has a key: its lasting name, what it is called, its key, the key it came with.

    Keys are portable text ("Ctrl+I"), empty for none. `is_shared`: more than one screen has it.
    """

    id: str
    text: str
    key: str
    default: str
    is_shared: bool = False


class KeyMap(QObject):
    """Gives actions their keys. `changed` follows new keys, `failed` carries a `Notice`."""

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        keys: ChoosingKeys,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._runner = runner
        self._session = session
        self._actions: dict[str, list[QAction]] = {}
        self._came: dict[str, list[QKeySequence]] = {}
        self._chosen: KeyChoices = {}

    def load(self) -> None:
        """Fetch what the signed-in person chose."""
        actor = self._session.require()
        self._runner.start(lambda _: self._keys.of(actor), done=self._take, failed=self._on_failed)

    def add(self, actions: Mapping[str, QAction]) -> None:
        """Care for these actions, by their lasting names; several may share one."""
        for name, action in actions.items():
            self._actions.setdefault(name, []).append(action)
            self._came.setdefault(name, action.shortcuts())
            action.destroyed.connect(lambda *_, name=name, one=action: self._drop(name, one))
            if name in self._chosen:
                self._apply(name)
        self.changed.emit()

    def rows(self) -> tuple[Keyed, ...]:
        """Return everything that has a key, in the order in which it came."""
        return tuple(
            Keyed(
                name,
                actions[0].text().replace("&", "").rstrip("…"),
                actions[0].shortcut().toString(PORTABLE),
                _first(self._came[name]),
                is_shared=len(actions) > 1,
            )
            for name, actions in self._actions.items()
            if actions
        )

    def key_of(self, name: str) -> str:
        """Return the key of today as it is written here; empty for none."""
        actions = self._actions.get(name)
        return key_text(actions[0]) if actions else ""

    @property
    def buttons(self) -> MouseButtons:
        """What the mouse buttons do on a film."""
        start = len(MOUSE)
        return MouseButtons.of(
            {name[start:]: task for name, task in self._chosen.items() if name.startswith(MOUSE)}
        )

    def save(self, keys: Mapping[str, str], buttons: MouseButtons) -> None:
        """Take these keys by name, and buttons, and store those that are not as they came."""
        actor = self._session.require()
        came = {name: _first(sequences) for name, sequences in self._came.items()}
        here = {name: key for name, key in keys.items() if key != came.get(name)}
        # A screen that was not opened yet keeps what was chosen for it.
        elsewhere = {
            name: key
            for name, key in self._chosen.items()
            if name not in keys and not name.startswith(MOUSE)
        }
        mouse = {MOUSE + name: task for name, task in buttons.choices().items()}
        chosen = elsewhere | here | mouse
        self._runner.start(
            lambda _: self._keys.save(actor, chosen),
            done=lambda _: self._take(chosen),
            failed=self._on_failed,
        )

    def _take(self, chosen: KeyChoices) -> None:
        self._chosen = dict(chosen)
        for name in self._actions:
            self._apply(name)
        self.changed.emit()

    def _apply(self, name: str) -> None:
        keys = self._came[name]
        if name in self._chosen:
            key = self._chosen[name]
            keys = [QKeySequence(key)] if key else []
        for action in self._actions[name]:
            action.setShortcuts(keys)
            action.setToolTip(with_key(action.text().replace("&", ""), action))

    def _drop(self, name: str, action: QAction) -> None:
        self._actions[name] = [one for one in self._actions[name] if one is not action]

    def _on_failed(self, error: UserError) -> None:
        self.failed.emit(notice_of(error))


def follow_buttons(keys: KeyMap, films: TakesButtons) -> None:
    """Let films follow the mouse buttons of today."""
    keys.changed.connect(lambda: films.set_buttons(keys.buttons))
    films.set_buttons(keys.buttons)


def named_actions(prefix: str, holder: object) -> dict[str, QAction]:
    """Name the actions in a dataclass by its fields: stored, so a field keeps its name."""
    found: dict[str, QAction] = {}
    if not is_dataclass(holder):
        return found
    for field in fields(holder):
        value, name = getattr(holder, field.name), f"{prefix}.{field.name}"
        if isinstance(value, QAction):
            found[name] = value
        elif isinstance(value, tuple):
            found |= {f"{name}.{place}": one for place, one in enumerate(value, 1)}
        elif isinstance(value, dict):
            found |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            found |= named_actions(name, value)
    return found


def with_key(words: str, action: QAction) -> str:
    """Return words followed by the action's key, where it has one."""
    key = key_text(action)
    return f"{words} ({key})" if key else words


def key_text(action: QAction) -> str:
    """Return an action's first key as it is written on this system."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def _first(sequences: list[QKeySequence]) -> str:
    return sequences[0].toString(PORTABLE) if sequences else ""
