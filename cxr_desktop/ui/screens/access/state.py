"""What the door shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.errors import Notice

if TYPE_CHECKING:  # it brings numpy, which the window need not wait for
    from cxr_desktop.domain.backup import BackupInfo


@dataclass(frozen=True, slots=True)
class Opening:
    """The data folder is being opened."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """The data folder cannot be used; `folder` as a person knows it."""

    notice: Notice
    folder: str


@dataclass(frozen=True, slots=True)
class Restoring:
    """A backup is chosen and restored, before anybody can sign in."""

    backups: tuple[BackupInfo, ...] = ()
    busy: bool = False
    step: str = ""
    fraction: float = 0.0
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class FirstStart:
    """No account exists: the first administrator is made."""

    busy: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class SigningIn:
    """Somebody signs in; `step` says what takes long.

    `may_restore`: the folder is at fault, not what was typed.
    """

    busy: bool = False
    step: str = ""
    notice: Notice | None = None
    may_restore: bool = False


@dataclass(frozen=True, slots=True)
class Locked:
    """The window of `actor` is covered until the password is given again."""

    actor: Actor
    busy: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class MustChange:
    """`actor` proved who they are and must now choose a password of their own."""

    actor: Actor
    busy: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Recovering:
    """An administrator sets a new password with the recovery key."""

    busy: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class KeyShown:
    """`actor` must write down the recovery key before anything else; it is shown once."""

    actor: Actor
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody is in: the door is not shown."""

    actor: Actor


AccessState = (
    Opening
    | Unusable
    | Restoring
    | FirstStart
    | SigningIn
    | Locked
    | MustChange
    | Recovering
    | KeyShown
    | Inside
)
