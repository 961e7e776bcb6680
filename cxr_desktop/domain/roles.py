"""Permissions, and the groups every installation starts with: one table.

TO ADD A PERMISSION: a member of `Permission`, a line in `PERMISSION_NAMES`, and the groups that get
it in `BUILT_IN_GROUPS`; then `services.access.Access.require` it where it is needed. Groups are
stored in the database, where an administrator may change them; this table is what they start as
(a migration gives a new permission to groups that exist already).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """One thing an account may do. Stored: never change a value."""

    IMPORT = "import"
    RUN = "run"
    SEE_RESULT = "see_result"
    SEE_AT_ONCE = "see_at_once"
    SEE_OTHERS = "see_others"
    REVIEW = "review"
    SIGN = "sign"
    DELETE = "delete"
    REPORT = "report"
    EXPORT = "export"
    EMERGENCY = "emergency"
    QUALITY = "quality"
    MANAGE_USERS = "manage_users"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_MODELS = "manage_models"
    VIEW_AUDIT = "view_audit"
    MANAGE_BACKUPS = "manage_backups"


PERMISSION_NAMES: dict[Permission, str] = {
    Permission.IMPORT: "Open films",
    Permission.RUN: "Run the model",
    Permission.SEE_RESULT: "See the model's answer",
    Permission.SEE_AT_ONCE: "See the model's answer before one's own reading",
    Permission.SEE_OTHERS: "See exams of other users",
    Permission.REVIEW: "Review exams: record one's own answer",
    Permission.SIGN: "Sign reports",
    Permission.DELETE: "Delete exams, with a reason, and bring them back",
    Permission.REPORT: "Print reports and save them as PDF",
    Permission.EXPORT: "Export: take exams out of the program",
    Permission.EMERGENCY: "Open every exam in an emergency, with a reason",
    Permission.QUALITY: "Measure quality: use the Quality screen",
    Permission.MANAGE_USERS: "Manage users and groups",
    Permission.MANAGE_SETTINGS: "Change settings",
    Permission.MANAGE_MODELS: "Manage models",
    Permission.VIEW_AUDIT: "View and verify the audit log",
    Permission.MANAGE_BACKUPS: "Make, check and restore backups",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A named set of permissions."""

    name: str
    permissions: frozenset[Permission]


ADMINISTRATORS = "Administrators"
TAKING = frozenset({Permission.IMPORT, Permission.RUN})
READING = TAKING | {
    Permission.SEE_RESULT,
    Permission.REVIEW,
    Permission.REPORT,
    Permission.EMERGENCY,
}
BUILT_IN_GROUPS: tuple[Group, ...] = (
    Group("Technicians", TAKING),
    Group("Doctors", READING | {Permission.SEE_AT_ONCE}),
    Group(
        "Radiologists",
        READING | {Permission.SEE_OTHERS, Permission.SIGN, Permission.EXPORT, Permission.QUALITY},
    ),
    Group(ADMINISTRATORS, frozenset(Permission)),
)


# What emergency access opens, for as long as it lasts.
EMERGENCY_OPENS = frozenset({Permission.SEE_RESULT, Permission.SEE_OTHERS})


@dataclass(frozen=True, slots=True)
class Emergency:
    """Emergency access of one account: from `since` to before `until` (aware UTC)."""

    since: datetime
    until: datetime

    def runs_at(self, moment: datetime) -> bool:
        """Whether it is in force; a clock that was set back ends it."""
        return self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class User:
    """An account as an administrator sees it; no password, no hash.

    `granted` and `denied` are this account's own exceptions to what its group may do; no permission
    is in both. `emergency` is the latest emergency access that was begun.
    """

    name: str
    full_name: str
    group: str
    disabled: bool = False
    must_change_password: bool = False
    granted: frozenset[Permission] = frozenset()
    denied: frozenset[Permission] = frozenset()
    emergency: Emergency | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a permission that is granted and denied at once."""
        if self.granted & self.denied:
            raise ValueError("a permission is granted or denied, not both")

    def permissions(self, groups: Iterable[Group]) -> frozenset[Permission]:
        """Return what the account may do: its group's permissions and its own exceptions.

        An account whose group is not among `groups` has its granted ones only.
        """
        given: frozenset[Permission] = frozenset()
        for group in groups:
            if group.name == self.group:
                given = group.permissions
        return (given | self.granted) - self.denied


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: the signed-in user and what they may do, as of now."""

    user: User
    permissions: frozenset[Permission]
    in_emergency: bool = False

    @property
    def name(self) -> str:
        """The user name, as stored with every exam."""
        return self.user.name

    @property
    def emergency_until(self) -> datetime | None:
        """When the emergency access that these permissions come from ends; None without one."""
        return self.user.emergency.until if self.in_emergency and self.user.emergency else None

    @property
    def reviews(self) -> bool:
        """Whether the actor may say what they see of films whose answers they may see."""
        return self.may(Permission.SEE_RESULT) and self.may(Permission.REVIEW)

    @property
    def reads_first(self) -> bool:
        """Whether the model's answer to an exam is withheld until the actor has read it."""
        return self.reviews and not self.may(Permission.SEE_AT_ONCE)

    def may(self, permission: Permission) -> bool:
        """Whether the actor has the permission (for hiding a button; services check again)."""
        return permission in self.permissions
