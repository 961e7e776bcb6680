"""What the Users tab shows."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.roles import Group, User
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Loading:
    """The accounts are on their way."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All accounts and all groups; `me` is the signed-in person's name.

    `shown` are the accounts that match the filter, and `notice` tells what was just done.
    """

    users: tuple[User, ...]
    groups: tuple[Group, ...]
    me: str
    words: str = ""
    notice: Notice | None = None

    @property
    def group_names(self) -> tuple[str, ...]:
        """The names of all groups."""
        return tuple(group.name for group in self.groups)

    @property
    def shown(self) -> tuple[User, ...]:
        """The accounts whose name, full name or group contains the words."""
        words = self.words.casefold().split()
        return tuple(user for user in self.users if all(w in _text_of(user) for w in words))


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """The accounts could not be read."""

    notice: Notice


UsersState = Loading | Listed | LoadFailed


def _text_of(user: User) -> str:
    return f"{user.name} {user.full_name} {user.group}".casefold()
