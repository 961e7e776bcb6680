"""The main window over a hospital in memory, with plain screens; and how a person uses it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.navigation import SCREENS, Context, ScreenSpec
from cxr_desktop.ui.opening import NotOpened, OpenedData
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import Inside, Locked, SigningIn
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.shell import Shell
from cxr_desktop.ui.slices import Slices
from tests.support.fake_program import FakeProgram, fake_program, opened
from tests.support.world import PASSWORD, World

SECRET = "Doe^Jane P-1"


class PlainScreen(QLabel):
    """A screen that shows a patient's name, and remembers which exam it was asked to open."""

    def __init__(self) -> None:
        super().__init__(SECRET)
        self.exams: list[str] = []

    def open_exam(self, exam_id: str) -> None:
        """Remember it."""
        self.exams.append(exam_id)


def make_plain(context: Context) -> Slices:
    """Make a screen."""
    del context
    yield
    return PlainScreen()


PLAIN_SCREENS: tuple[ScreenSpec, ...] = tuple(replace(s, make=make_plain) for s in SCREENS)


@dataclass
class Door:
    """A window, and the parts that a test asks about."""

    window: MainWindow
    presenter: AccessPresenter
    session: Session
    program: FakeProgram
    qtbot: QtBot

    @property
    def shell(self) -> Shell:
        """What a signed-in person sees."""
        assert self.window.shell is not None
        return self.window.shell

    @property
    def is_locked(self) -> bool:
        """Whether only a password gets at the shell."""
        return isinstance(self.presenter.state, Locked)

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in, and wait until that person is in."""
        self.presenter.sign_in(name, password)
        self.qtbot.waitUntil(lambda: isinstance(self.presenter.state, Inside))
        self.qtbot.waitUntil(lambda: bool(self.shell.current))

    def wait_for_answer(self) -> None:
        """Wait until the door is not busy."""
        self.qtbot.waitUntil(lambda: not getattr(self.presenter.state, "busy", False))


class FakeOpener:
    """Stands for `open_data`: gives what it was told to, or raises it."""

    def __init__(self, program: FakeProgram, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.refuses: NotOpened | None = None
        self.asked: list[Path | None] = []

    def __call__(self, folder: Path | None) -> OpenedData | NotOpened:
        self.asked.append(folder)
        return self.refuses if self.refuses is not None else opened(self.program, self.folder)


class RealSeconds:
    """Seconds that pass when told to; `slept` of them the computer slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def __call__(self) -> float:
        return self.now


def open_door(
    world: World, runner: JobRunner, qtbot: QtBot, clock: RealSeconds | None = None
) -> Door:
    """Show the window over a world, at its sign-in."""
    program = fake_program(world)
    session = Session()
    presenter = AccessPresenter(FakeOpener(program, world.folder), runner, session)
    seconds = clock or RealSeconds()
    window = MainWindow(
        presenter,
        runner,
        session,
        world.folder / "window.ini",
        clock=seconds,
        awake=lambda: seconds() - seconds.slept,
        screens=PLAIN_SCREENS,
    )
    qtbot.addWidget(window)
    window.show()
    presenter.open()
    qtbot.waitUntil(lambda: isinstance(presenter.state, SigningIn))
    return Door(window, presenter, session, program, qtbot)
