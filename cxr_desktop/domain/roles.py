"""Permissions, and the groups every installation starts with: one table.

TO ADD A PERMISSION: a member of `Permission`, a line in `PERMISSION_NAMES`, and the groups that get
it in `BUILT_IN_GROUPS`; then `services.access.Access.require` it where it is needed. Groups are
stored in the database, where an administrator may change them; this table is what they start as.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """One thing an account may do. Stored: never change a value."""

    RUN = "run"
    SEE_RESULT = "see_result"
    SEE_OTHERS = "see_others"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_MODELS = "manage_models"


PERMISSION_NAMES: dict[Permission, str] = {
    Permission.RUN: "Open films and run the model",
    Permission.SEE_RESULT: "See the model's answer",
    Permission.SEE_OTHERS: "See exams of other users",
    Permission.MANAGE_USERS: "Manage users and groups",
    Permission.MANAGE_SETTINGS: "Change settings",
    Permission.MANAGE_MODELS: "Manage models",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of permissions."""

    name: str
    permissions: frozenset[Permission]


ADMINISTRATORS = "Administrators"
READING = frozenset({Permission.RUN, Permission.SEE_RESULT, Permission.SEE_OTHERS})
BUILT_IN_GROUPS: tuple[Group, ...] = (
    Group("Technicians", frozenset({Permission.RUN})),
    Group("Doctors", frozenset({Permission.RUN, Permission.SEE_RESULT})),
    Group("Radiologists", READING),
    Group(ADMINISTRATORS, frozenset(Permission)),
)


@dataclass(frozen=True, slots=True)
class User:
    """An account as an administrator sees it; no password, no hash."""

    name: str
    full_name: str
    group: str
    disabled: bool = False
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the signed-in user and what they may do, as of now."""

    user: User
    permissions: frozenset[Permission]

    @property
    def name(self) -> str:
        """The user name, as stored with every exam."""
        return self.user.name

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission (for hiding a button; services check again)."""
        return permission in self.permissions
