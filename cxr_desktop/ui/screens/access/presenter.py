"""Who comes in, and when the door is shut again; no widgets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import StorageUnavailable, UserError
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.opening import NotOpened, OpenedData, restore_at_start
from cxr_desktop.ui.screens.access.restorer import Restorer, RestoresAtStart
from cxr_desktop.ui.screens.access.state import (
    AccessState,
    FirstStart,
    Inside,
    KeyShown,
    Locked,
    MustChange,
    Opening,
    Recovering,
    SigningIn,
    Unusable,
)
from cxr_desktop.ui.session import Session

if TYPE_CHECKING:  # the ports bring numpy, which the sign-in window need not wait for
    from cxr_desktop.domain.ports import JobContext

T = TypeVar("T")


class AccessPresenter(QObject):
    """Leads from the data folder to a signed-in person, and back.

    `state_changed` carries an `AccessState`, `opened` the `OpenedData` of a folder that was opened.
    A password is kept only from a sign-in to the change that it must be followed by. `may_leave` is
    asked before a sign-out.
    """

    state_changed = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        open_data: Callable[[Path | None], OpenedData | NotOpened],
        runner: JobRunner,
        session: Session,
        folder: Path | None = None,
        *,
        restoring: Callable[[Path], RestoresAtStart] = restore_at_start,
    ) -> None:
        super().__init__()
        self.may_leave: Callable[[], bool] = lambda: True
        self.restorer = Restorer(restoring, runner, self._show, self._on_restored)
        self._said: Notice | None = None
        self._open_data = open_data
        self._runner = runner
        self._session = session
        self._folder = folder
        self._data: OpenedData | None = None
        self._state: AccessState = Opening()
        self._given = ""  # the password that must be changed

    @property
    def state(self) -> AccessState:
        """What is shown now."""
        return self._state

    def password_rules(self) -> PasswordRules:
        """Return what a new password must be, in the folder that is open."""
        return self._opened().program.access.rules()

    def use_folder(self, folder: Path) -> None:
        """Open another folder, for this run."""
        self._folder = folder
        self.open()

    def open(self) -> None:
        """Open the data folder, for the first time or once more."""
        self._show(Opening())
        self._runner.start(
            lambda _: self._open_data(self._folder), done=self._on_opened, failed=self._on_failed
        )

    def close(self) -> None:
        """Sign out and let go of the data folder; call it after the runner was closed."""
        data, actor = self._data, self._session.actor
        self._data = None
        self._session.sign_out()
        if data is None:
            return
        try:
            if actor is not None:
                data.program.access.sign_out(actor)
        finally:
            data.close()

    def create_first(self, name: str, full_name: str, password: str) -> None:
        """Make the first administrator's account and let them in."""
        program = self._opened().program

        def work() -> tuple[Actor, str]:
            actor = program.access.create_first_administrator(name, full_name, password)
            try:
                return actor, program.recovery.make_key(actor)
            except StorageUnavailable:
                return actor, ""  # the account is made; a key can be made later

        self._ask(FirstStart(), work, self._show_key)

    def forgot(self) -> None:
        """Ask for the recovery key."""
        self._show(Recovering())

    def back(self) -> None:
        """Ask for name and password again."""
        self._show(SigningIn())

    def begin_restore(self) -> None:
        """Ask for a backup to put in the place of the folder, which is let go of."""
        data, self._data = self._data, None
        if data is not None:
            self.restorer.begin(data.program.data.root, data)
        elif isinstance(self._state, Unusable) and self._state.folder:
            self.restorer.begin(Path(self._state.folder), None)

    def leave_restore(self) -> None:
        """Try the folder as it is once more."""
        self.restorer.leave(self.open)

    def recover(self, key: str, name: str, password: str) -> None:
        """Set an administrator's password with the recovery key, and show the next key."""
        recovery = self._opened().program.recovery
        self._ask(Recovering(), lambda: recovery.reset(key, name, password), self._show_key)

    def key_kept(self) -> None:
        """Let the person in who has written the key down."""
        if isinstance(self._state, KeyShown):
            self._let_in(self._state.actor)

    def sign_in(self, name: str, password: str) -> None:
        """Let a person in, or say why not."""
        access = self._opened().program.access
        self._ask(
            SigningIn(),
            lambda: access.sign_in(name, password),
            partial(self._on_proven, password),
        )

    def unlock(self, password: str) -> None:
        """Give the locked window back to its owner."""
        access, actor = self._opened().program.access, self._session.require()
        self._ask(
            Locked(actor),
            lambda: access.unlock(actor, password),
            partial(self._on_proven, password),
        )

    def choose_password(self, password: str) -> None:
        """Replace the password that must be changed."""
        if not isinstance(self._state, MustChange):
            return
        access, actor, given = self._opened().program.access, self._state.actor, self._given
        self._ask(
            MustChange(actor),
            lambda: access.change_password(actor, given, password),
            self._let_in,
        )

    def lock(self) -> None:
        """Cover the window; the person stays signed in, and their work goes on."""
        if isinstance(self._state, Inside):
            self._show(Locked(self._session.require()))

    def sign_out(self) -> None:
        """Let the person go, if they may leave, and ask who comes next.

        Who has proved who they are, but must change the password first, holds the key, too.
        """
        if not self.may_leave():
            return
        proved = self._state.actor if isinstance(self._state, MustChange) else None
        actor, self._given = self._session.actor or proved, ""
        self._session.sign_out()
        self._show(SigningIn())
        if actor is not None:
            access, leaving = self._opened().program.access, actor
            self._runner.start(
                lambda _: access.sign_out(leaving), done=_nothing, failed=self._on_not_noted
            )

    def _opened(self) -> OpenedData:
        if self._data is None:
            raise RuntimeError("no data folder is open")
        return self._data

    def _ask(
        self,
        state: FirstStart | SigningIn | Locked | MustChange | Recovering,
        work: Callable[[], T],
        done: Callable[[T], None],
    ) -> Job:
        self._show(replace(state, busy=True))

        def failed(error: UserError) -> None:
            told = replace(state, notice=notice_of(error))
            if isinstance(told, SigningIn):
                told = replace(told, may_restore=isinstance(error, StorageUnavailable))
            self._show(told)

        def told(step: str, _fraction: float) -> None:
            if step and isinstance(state, SigningIn):
                self._show(replace(state, busy=True, step=step))

        steps = self._opened().program.steps

        def listened_to(job: JobContext) -> T:
            with steps.told_to(lambda step: job.report(step, 0.0)):
                return work()

        return self._runner.start(listened_to, done=done, failed=failed, progress=told)

    def _on_opened(self, data: OpenedData | NotOpened) -> None:
        if isinstance(data, NotOpened):
            self._show(Unusable(notice_of(data.error), str(data.folder or "")))
            return
        self._data = data
        self.opened.emit(data)
        said, self._said = self._said, None
        self._show(FirstStart() if data.needs_first_administrator else SigningIn(notice=said))

    def _on_failed(self, error: UserError) -> None:
        self._show(Unusable(notice_of(error), str(self._folder or "")))

    def _on_restored(self) -> None:
        text = self.tr("The backup is restored.")
        self._said = Notice("info", text, self.tr("Sign in with a password of that day."))
        self.open()

    def _on_proven(self, password: str, actor: Actor) -> None:
        if actor.user.must_change_password:
            self._given = password
            self._show(MustChange(actor))
        else:
            self._let_in(actor)

    def _show_key(self, made: tuple[Actor, str]) -> None:
        actor, key = made
        if key:
            self._show(KeyShown(actor, key))
        else:
            self._let_in(actor)

    def _let_in(self, actor: Actor) -> None:
        self._given = ""
        present = self._session.actor
        if present is not None and present.name == actor.name:
            self._session.update(actor)
        else:
            self._session.sign_in(actor)
        self._show(Inside(actor))

    def _on_not_noted(self, error: UserError) -> None:
        if isinstance(self._state, SigningIn) and not self._state.busy:
            self._show(SigningIn(notice=notice_of(error)))

    def _show(self, state: AccessState) -> None:
        self._state = state
        self.state_changed.emit(state)


def _nothing(_: None) -> None:
    pass
