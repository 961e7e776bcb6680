"""What an administrator does with accounts and groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.passwords import PasswordHasher
from cxr_desktop.domain.ports import UserStore
from cxr_desktop.domain.roles import Actor, Group, Permission, User
from cxr_desktop.services.access import NAME_LIMIT, Access, check_user_name, clean_full_name


class ManageAccounts:
    """Add, disable (never delete), regroup accounts; set passwords; change what groups may do."""

    def __init__(
        self,
        users: UserStore,
        access: Access,
        hasher: PasswordHasher,
        now: Callable[[], datetime],
    ) -> None:
        self._users = users
        self._access = access
        self._hasher = hasher
        self._now = now

    def users(self, actor: Actor) -> Sequence[User]:
        """List all accounts, by name."""
        self._access.require(actor, Permission.MANAGE_USERS)
        return sorted(self._users.users(), key=lambda user: user.name.casefold())

    def groups(self, actor: Actor) -> Sequence[Group]:
        """List all groups."""
        self._access.require(actor, Permission.MANAGE_USERS)
        return self._users.groups()

    def add(self, actor: Actor, name: str, full_name: str, group: str, password: str) -> User:
        """Add an account whose owner must change the password at the first sign-in."""
        self._access.require(actor, Permission.MANAGE_USERS)
        self._check_group(group)
        user = User(
            check_user_name(name), clean_full_name(full_name), group, must_change_password=True
        )
        self._access.rules().check(password, user.name)
        event = self._event(AuditAction.USER_ADDED, actor, user.name, group=group)
        self._users.add(user, self._hasher.hash(password), event)
        return user

    def change(
        self,
        actor: Actor,
        name: str,
        *,
        full_name: str | None = None,
        group: str | None = None,
        disabled: bool | None = None,
        granted: frozenset[Permission] | None = None,
        denied: frozenset[Permission] | None = None,
    ) -> User:
        """Change what is given.

        Raises `InvalidRequest` where no administrator would be left, and for one's own account that
        would be shut: what is on the screen would stay there.

        `granted` and `denied` replace the account's own exceptions to its group's permissions.
        """
        self._access.require(actor, Permission.MANAGE_USERS)
        user = self._existing(name)
        if disabled and user.name == actor.name:
            raise InvalidRequest(
                "You cannot disable your own account.", hint="Another administrator can do it."
            )
        granted = user.granted if granted is None else granted
        denied = user.denied if denied is None else denied
        if granted & denied:
            raise InvalidRequest(
                "A permission cannot be both allowed and denied.", hint="Choose one of them."
            )
        changed = replace(
            user,
            full_name=user.full_name if full_name is None else clean_full_name(full_name),
            group=user.group if group is None else group,
            disabled=user.disabled if disabled is None else disabled,
            granted=granted,
            denied=denied,
        )
        self._check_group(changed.group)
        event = self._event(
            AuditAction.USER_CHANGED, actor, user.name,
            group=changed.group, disabled=str(changed.disabled).lower(),
            **_exceptions(changed),
        )  # fmt: skip
        self._users.update(changed, event, check=keep_an_administrator)
        return changed

    def set_password(self, actor: Actor, name: str, password: str) -> None:
        """Set another person's password; they must change it at the next sign-in."""
        self._access.require(actor, Permission.MANAGE_USERS)
        user = self._existing(name)
        self._access.rules().check(password, user.name)
        event = self._event(AuditAction.PASSWORD_CHANGED, actor, user.name)
        self._users.set_password(
            user.name, self._hasher.hash(password), must_change=True, event=event
        )
        self._users.set_failures(user.name, 0, 0.0)

    def save_group(self, actor: Actor, group: Group) -> None:
        """Add a group or change what it may do."""
        self._access.require(actor, Permission.MANAGE_USERS)
        group = replace(group, name=group.name.strip())
        if not group.name or not group.name.isprintable() or len(group.name) > NAME_LIMIT:
            raise InvalidRequest(
                "A group needs a name.", hint=f"Type one of up to {NAME_LIMIT} characters."
            )
        permissions = " ".join(sorted(group.permissions))
        event = self._event(AuditAction.GROUP_CHANGED, actor, group.name, permissions=permissions)
        self._users.save_group(group, event, check=keep_an_administrator)

    def _existing(self, name: str) -> User:
        user = self._users.find(name)
        if user is None:
            raise InvalidRequest(
                "There is no such account.", hint="Look it up in the list of users."
            )
        return user

    def _check_group(self, name: str) -> None:
        if all(group.name != name for group in self._users.groups()):
            raise InvalidRequest(
                f"There is no group “{name}”.", hint="Choose one from the list of groups."
            )

    def _event(self, action: AuditAction, actor: Actor, subject: str, **detail: str) -> AuditEvent:
        return AuditEvent(action, actor.name, self._now(), subject, detail)


def keep_an_administrator(users: Sequence[User], groups: Sequence[Group]) -> None:
    """Raise `InvalidRequest` when no active account among these may manage users."""
    if not any(
        Permission.MANAGE_USERS in user.permissions(groups) for user in users if not user.disabled
    ):
        raise InvalidRequest(
            "Nobody would be left who can manage users.",
            hint="Give another active account that permission first.",
        )


def _exceptions(user: User) -> dict[str, str]:
    """Return an account's own permissions for the audit log; nothing where there are none."""
    shown = {"granted": user.granted, "denied": user.denied}
    return {name: " ".join(sorted(given)) for name, given in shown.items() if given}
