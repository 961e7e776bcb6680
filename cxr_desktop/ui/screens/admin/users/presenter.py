"""Users without widgets: loads the accounts, and carries out what the dialogs ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Actor, Group, Permission, User
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.outcome import Refused, Saved
from cxr_desktop.ui.screens.admin.own_rights import OwnRights
from cxr_desktop.ui.screens.admin.users.state import Listed, LoadFailed, Loading, UsersState
from cxr_desktop.ui.session import Session

Accounts = tuple[Sequence[User], Sequence[Group]]


class UsersPresenter(QObject):
    """Emits a `UsersState`. Each action calls `saved` or `refused` once, then lists anew."""

    state_changed = Signal(object)

    def __init__(
        self, accounts: ManageAccounts, runner: JobRunner, session: Session, own: OwnRights
    ) -> None:
        super().__init__()
        self._accounts, self._runner, self._session = accounts, runner, session
        self._own = own
        self._words = ""
        self._said: Notice | None = None
        self._question = 0
        self.state: UsersState = Loading()

    def password_rules(self) -> PasswordRules:
        """Return what a new password must be."""
        return self._own.password_rules()

    def refresh(self) -> None:
        """Read the accounts; only the latest answer is taken."""
        actor = self._session.actor
        if actor is None:
            return
        self._question += 1
        question = self._question
        self._runner.start(
            lambda _job: self._load(actor),
            done=lambda accounts: self._on_loaded(question, actor, accounts),
            failed=lambda error: self._on_failed(question, error),
        )

    def narrow(self, words: str) -> None:
        """Show only accounts that contain these words."""
        self._words = words
        if isinstance(self.state, Listed):
            self._show(replace(self.state, words=words))

    def add(self, user: User, password: str, saved: Saved, refused: Refused) -> None:
        """Add an account; its owner chooses another password at the first sign-in."""
        said = self.tr("“{0}” was added.").format(user.name)
        self._do(
            lambda actor: self._accounts.add(
                actor, user.name, user.full_name, user.group, password
            ),
            said, saved, refused,
        )  # fmt: skip

    def change(self, name: str, full_name: str, group: str, saved: Saved, refused: Refused) -> None:
        """Change full name and group."""
        said = self.tr("“{0}” was changed.").format(name)
        self._do(
            lambda actor: self._accounts.change(actor, name, full_name=full_name, group=group),
            said, saved, refused,
        )  # fmt: skip

    def set_permissions(
        self,
        name: str,
        granted: frozenset[Permission],
        denied: frozenset[Permission],
        saved: Saved,
        refused: Refused,
    ) -> None:
        """Replace an account's own exceptions to its group's permissions."""
        said = self.tr("What “{0}” may do was changed; it counts at once.").format(name)
        self._do(
            lambda actor: self._accounts.change(actor, name, granted=granted, denied=denied),
            said, saved, refused,
        )  # fmt: skip

    def set_disabled(self, name: str, saved: Saved, refused: Refused, *, disabled: bool) -> None:
        """Shut an account, or open it again."""
        text = (
            self.tr("“{0}” can no longer sign in.")
            if disabled
            else self.tr("“{0}” is enabled. Set a new password now: the old one no longer opens.")
        )
        self._do(
            lambda actor: self._accounts.change(actor, name, disabled=disabled),
            text.format(name), saved, refused,
        )  # fmt: skip

    def set_password(self, name: str, password: str, saved: Saved, refused: Refused) -> None:
        """Give an account a password that its owner must change at the next sign-in."""
        said = self.tr("“{0}” has a new password and must change it at the next sign-in.")
        self._do(
            lambda actor: self._accounts.set_password(actor, name, password),
            said.format(name), saved, refused,
        )  # fmt: skip

    def _do(
        self, work: Callable[[Actor], object], said: str, saved: Saved, refused: Refused
    ) -> None:
        actor = self._session.require()

        def done(_: object) -> None:
            self._said = Notice("info", said)
            saved()
            self._own.look_again()
            self.refresh()

        self._runner.start(
            lambda _job: work(actor), done=done, failed=lambda error: refused(notice_of(error))
        )

    def _load(self, actor: Actor) -> Accounts:
        return self._accounts.users(actor), self._accounts.groups(actor)

    def _on_loaded(self, question: int, actor: Actor, accounts: Accounts) -> None:
        if question == self._question:
            users, groups = accounts
            said, self._said = self._said, None
            self._show(Listed(tuple(users), tuple(groups), actor.name, self._words, said))

    def _on_failed(self, question: int, error: UserError) -> None:
        if question == self._question:
            self._show(LoadFailed(notice_of(error)))

    def _show(self, state: UsersState) -> None:
        self.state = state
        self.state_changed.emit(state)
