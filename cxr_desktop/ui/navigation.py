"""The screens of the window: one visible table.

TO ADD A SCREEN: a folder `ui/screens/<name>/` whose package gives a `make_<name>_screen(context)`,
and one row in `SCREENS`. The rail, the shortcut, the permission and the smoke test follow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QT_TRANSLATE_NOOP

from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.slices import Slices

if TYPE_CHECKING:  # naming every adapter at run time would make the sign-in window wait for them
    from cxr_desktop.bootstrap import Program
    from cxr_desktop.ui.keymap import KeyMap


class Navigator(Protocol):
    """Takes a person from one screen to another."""

    def show(self, screen_id: str) -> None:
        """Bring a screen to the front; one that the person may not see is ignored."""
        ...

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam in the film viewer of the Read screen."""
        ...

    def open_films(self, paths: Sequence[Path]) -> None:
        """Open films in the Read screen, as if they had been chosen there."""
        ...


class ShowsExams(Protocol):
    """What the Read screen's widget offers besides being a widget."""

    def open_exam(self, exam_id: str) -> None:
        """Show a stored exam as it was answered then."""
        ...

    def open_films(self, paths: Sequence[Path]) -> None:
        """Open these films."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a screen is made from. `runner` dies with the window of the signed-in person.

    `ask_model` asks anew which model answers, and on what, for the line at the bottom.
    """

    program: Program
    runner: JobRunner
    session: Session
    navigator: Navigator
    keys: KeyMap
    ask_model: Callable[[], None]


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """One screen: `title` is translated in the context "Navigation", `icon` names an SVG.

    `make` makes the widget in slices.

    Without any of `permissions` a person does not see the screen; none named means everybody does.
    """

    id: str
    title: str
    icon: str
    shortcut: str
    permissions: frozenset[Permission]
    make: Callable[[Context], Slices]

    def is_for(self, actor: Actor) -> bool:
        """Whether this person sees the screen (services check again)."""
        return not self.permissions or any(actor.may(one) for one in self.permissions)


def _read(context: Context) -> Slices:
    from cxr_desktop.ui.screens.read import make_read_screen  # noqa: PLC0415 - start-up time

    return make_read_screen(context)


def _history(context: Context) -> Slices:
    from cxr_desktop.ui.screens.history import make_history_screen  # noqa: PLC0415 - start-up time

    return make_history_screen(context)


def _admin(context: Context) -> Slices:
    from cxr_desktop.ui.screens.admin import make_admin_screen  # noqa: PLC0415 - start-up time

    return make_admin_screen(context)


def _quality(context: Context) -> Slices:
    from cxr_desktop.ui.screens.quality import make_quality_screen  # noqa: PLC0415 - start-up time

    return make_quality_screen(context)


READ, HISTORY, ADMIN, QUALITY = "read", "history", "admin", "quality"
MANAGING = frozenset(
    {
        Permission.MANAGE_USERS,
        Permission.MANAGE_SETTINGS,
        Permission.MANAGE_MODELS,
        Permission.VIEW_AUDIT,
        Permission.MANAGE_BACKUPS,
    }
)

SCREENS: tuple[ScreenSpec, ...] = (
    ScreenSpec(
        READ,
        str(QT_TRANSLATE_NOOP("Navigation", "Read")),
        "film",
        "Ctrl+1",
        frozenset({Permission.IMPORT}),
        _read,
    ),
    ScreenSpec(
        HISTORY,
        str(QT_TRANSLATE_NOOP("Navigation", "History")),
        "history",
        "Ctrl+2",
        frozenset(),
        _history,
    ),
    ScreenSpec(
        ADMIN, str(QT_TRANSLATE_NOOP("Navigation", "Admin")), "users", "Ctrl+3", MANAGING, _admin
    ),
    ScreenSpec(
        QUALITY,
        str(QT_TRANSLATE_NOOP("Navigation", "Quality")),
        "chart",
        "Ctrl+4",
        frozenset({Permission.QUALITY}),
        _quality,
    ),
)
