"""Groups without widgets: each change is saved at once, one after the other."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import InvalidRequest, UserError
from cxr_desktop.domain.roles import Actor, Group, Permission
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.groups.state import GroupsState, Listed, LoadFailed, Loading
from cxr_desktop.ui.screens.admin.outcome import Refused, Saved
from cxr_desktop.ui.screens.admin.own_rights import OwnRights
from cxr_desktop.ui.session import Session

Change = tuple[str, Permission, bool]
Found = tuple[tuple[Group, ...], Mapping[str, int]]


class GroupsPresenter(QObject):
    """Emits a `GroupsState`. A refused change goes back to what is stored."""

    state_changed = Signal(object)

    def __init__(
        self, accounts: ManageAccounts, runner: JobRunner, session: Session, own: OwnRights
    ) -> None:
        super().__init__()
        self._accounts, self._runner, self._session = accounts, runner, session
        self._own = own
        self._stored: tuple[Group, ...] = ()
        self._waiting: deque[Change] = deque()
        self._saving = False
        self._question = 0
        self.state: GroupsState = Loading()

    def refresh(self) -> None:
        """Read groups and members; only the latest answer is taken."""
        actor = self._session.actor
        if actor is None or self._saving:
            return
        self._question += 1
        question = self._question
        self._runner.start(
            lambda _job: self._load(actor),
            done=lambda found: self._on_loaded(question, found),
            failed=lambda error: self._on_load_failed(question, error),
        )

    def set_permission(self, group: str, permission: Permission, *, on: bool) -> None:
        """Give a group a permission, or take it away; shown at once, stored as soon as possible."""
        if not isinstance(self.state, Listed):
            return
        self._waiting.append((group, permission, on))
        groups = tuple(_changed(g, (group, permission, on)) for g in self.state.groups)
        self._show(replace(self.state, groups=groups, saving=True, notice=None))
        self._save_next()

    def add_group(self, group: Group, saved: Saved, refused: Refused) -> None:
        """Add a group; one of that name that exists already is refused."""
        actor = self._session.require()
        taken = {known.name.casefold() for known in self._stored}
        if group.name.strip().casefold() in taken:
            refused(
                Notice(
                    "error",
                    self.tr("There is a group of this name already."),
                    self.tr("Choose another name."),
                )
            )
            return

        def done(_: None) -> None:
            saved()
            self.refresh()

        self._runner.start(
            lambda _job: self._accounts.save_group(actor, group),
            done=done,
            failed=lambda error: refused(notice_of(error)),
        )

    def _save_next(self) -> None:
        if self._saving or not self._waiting:
            return
        change = self._waiting.popleft()
        group = next((g for g in self._stored if g.name == change[0]), None)
        if group is None:
            self._on_refused(
                InvalidRequest(self.tr("There is no such group."), hint=self.tr("Try again."))
            )
            return
        self._saving = True
        self._question += 1  # an answer asked for before this change is too old
        actor, wanted = self._session.require(), _changed(group, change)
        self._runner.start(
            lambda _job: self._accounts.save_group(actor, wanted),
            done=lambda _: self._on_saved(wanted),
            failed=self._on_refused,
        )

    def _on_saved(self, group: Group) -> None:
        self._saving = False
        self._stored = tuple(group if g.name == group.name else g for g in self._stored)
        if self._waiting:
            self._save_next()
            return
        if isinstance(self.state, Listed):
            self._show(replace(self.state, groups=self._stored, saving=False))
        self._own.look_again()

    def _on_refused(self, error: UserError) -> None:
        self._saving = False
        self._waiting.clear()
        if isinstance(self.state, Listed):
            notice = notice_of(error)
            self._show(replace(self.state, groups=self._stored, saving=False, notice=notice))

    def _load(self, actor: Actor) -> Found:
        members = Counter(user.group for user in self._accounts.users(actor))
        return tuple(self._accounts.groups(actor)), members

    def _on_loaded(self, question: int, found: Found) -> None:
        if question == self._question:
            self._stored, members = found
            self._show(Listed(self._stored, members))

    def _on_load_failed(self, question: int, error: UserError) -> None:
        if question == self._question:
            self._show(LoadFailed(notice_of(error)))

    def _show(self, state: GroupsState) -> None:
        self.state = state
        self.state_changed.emit(state)


def _changed(group: Group, change: Change) -> Group:
    name, permission, on = change
    if group.name != name:
        return group
    kept = group.permissions - {permission}
    return replace(group, permissions=kept | {permission} if on else kept)
