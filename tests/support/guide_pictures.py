"""Draw the pictures of the guides: ``python -m tests.support.guide_pictures``.

The real program is started without a screen over a new data folder, with drawn films, and its
window is painted into `docs/pictures`. Run it again when a screen has changed, and look at it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image, ImageOps
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage, Qt
from PySide6.QtWidgets import QApplication, QWidget

from cxr_desktop import bootstrap, locations
from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.settings.policy import read_policy
from cxr_desktop.ui import theme
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import MainWindow
from cxr_desktop.ui.opening import open_data
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screens.access.presenter import AccessPresenter
from cxr_desktop.ui.screens.access.state import Opening
from cxr_desktop.ui.screens.admin.system.view import SystemView
from cxr_desktop.ui.screens.admin.view import AdminView
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.shell import Shell

TOP = Path(__file__).resolve().parents[2]
PICTURES = TOP / "docs" / "pictures"
SAMPLES = TOP / "resources" / "samples"
PASSWORD = "four quiet winter trains"
WIDTH, HEIGHT = 1120, 700  # of the window
COLOURS = 128
SHOWN = 690  # pixels across, as the Help has room for
PATIENCE_S = 120.0
POLICY = "[session]\nidle_lock_minutes = 3\n[backup]\nkeep = 14\n"


def wait(seconds: float = 0.6) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


def wait_until(ready: Callable[[], object]) -> None:
    """Let the window work until something is so."""
    end = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError
        wait(0.05)


class Photographer:
    """The program's window over a data folder, and what paints it."""

    def __init__(self, folder: Path) -> None:
        self.runner, self.session = JobRunner(), Session()
        self.presenter = AccessPresenter(open_data, self.runner, self.session, folder)
        self.window = MainWindow(
            self.presenter, self.runner, self.session, folder.parent / "window.ini"
        )
        self.window.resize(WIDTH, HEIGHT)
        self.window.show()
        self.presenter.open()
        wait_until(lambda: not isinstance(self.presenter.state, Opening))

    @property
    def shell(self) -> Shell:
        """What a signed-in person sees."""
        assert self.window.shell is not None
        return self.window.shell

    def sign_in(self) -> None:
        """Sign in, take no tour, and wait for the self-test."""
        self.presenter.sign_in("ada", PASSWORD)
        wait_until(lambda: self.window.shell is not None and self.shell.current)
        wait_until(lambda: "passed" in self.shell.status.tested.text())
        if self.shell.guide.tour is not None:
            self.shell.guide.tour.close()
        wait()

    def show(self, screen: str) -> QWidget:
        """Bring a screen to the front."""
        self.shell.show_screen(screen)
        wait(1.0)
        shown = self.shell.stack.currentWidget()
        assert shown is not None
        return shown

    def paint(self, name: str) -> None:
        """Write the window into a picture of few bytes."""
        wait()
        image = self.window.grab().toImage()
        small = image.scaledToWidth(SHOWN, Qt.TransformationMode.SmoothTransformation)
        plain = small.convertToFormat(QImage.Format.Format_RGB888)
        size = (plain.width(), plain.height())
        picture = Image.frombuffer(
            "RGB", size, bytes(plain.constBits()), "raw", "RGB", plain.bytesPerLine(), 1
        )
        framed = ImageOps.expand(picture, border=1, fill=Palette.OUTLINE)
        few = framed.quantize(COLOURS, dither=Image.Dither.NONE)
        few.save(PICTURES / f"{name}.png", optimize=True)

    def close(self) -> None:
        """End it."""
        self.window.close()


def fill(folder: Path) -> None:
    """Make accounts, and exams of the sample films, some of them read."""
    program = bootstrap.build(folder, device="cpu")
    program.access.create_first_administrator("ada", "Dr Ada Lamb", PASSWORD)
    actor = program.access.sign_in("ada", PASSWORD)
    for name, full, group in (
        ("tom", "Tom Reed", "Technicians"),
        ("noor", "Dr Noor Shah", "Radiologists"),
    ):
        program.accounts.add(actor, name, full, group, PASSWORD)
    for number, path in enumerate(sorted(SAMPLES.iterdir())):
        film = program.classify.open(actor, path, NoProgress())
        study = StudyInfo(patient_name=f"Drawn^Film {number + 1}", patient_id=f"DRAWN-{number + 1}")
        program.classify.run(actor, film, NoProgress(), study)
    rows = program.history.search(actor, HistoryQuery()).rows
    program.reviews.add(
        actor, rows[0].exam_id, Verdict.ABNORMAL, "Opacity in the right lower field."
    )
    program.reviews.add(actor, rows[2].exam_id, Verdict.NORMAL)
    stick = folder.parent / "stick"
    stick.mkdir()
    program.backups.choose_folder(actor, stick)
    program.backups.run(actor, NoProgress())
    program.access.sign_out(actor)
    program.close()


def user_guide(photographer: Photographer) -> None:
    """Paint what a reader sees, from the sign-in to the History."""
    photographer.paint("sign-in")
    photographer.sign_in()
    read = photographer.show("read")
    assert isinstance(read, ReadView)
    photographer.paint("read-empty")
    photographer.shell.open_films([SAMPLES / "drawn-2-opacity.jpg"])
    wait(2.0)
    photographer.paint("read-film")
    read.read_actions.run.trigger()
    wait(6.0)
    photographer.paint("read-answer")
    history = photographer.show("history")
    assert isinstance(history, HistoryView)
    photographer.paint("history")


def it_guide(photographer: Photographer) -> None:
    """Paint what IT sees: a locked setting, backups, the self-test."""
    admin = photographer.show("admin")
    assert isinstance(admin, AdminView)
    for title, name in (("Settings", "policy"), ("Backups", "backups"), ("System", "system")):
        tabs = admin.tabs
        tabs.setCurrentIndex([tabs.tabText(n) for n in range(tabs.count())].index(title))
        wait(1.0)
        if title == "System":
            shown = tabs.currentWidget()
            assert isinstance(shown, SystemView)
            shown.run.click()
            wait(5.0)
        photographer.paint(name)


def main() -> int:
    """Paint all of them."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        policy = place / "policy.toml"
        policy.write_text(POLICY, encoding="utf-8")
        shown = replace(read_policy(policy), path=locations.policy_file())
        bootstrap.own_policy = lambda: shown
        fill(place / "data")
        application = QApplication(["cxr-desktop"])
        theme.apply(application)
        photographer = Photographer(place / "data")
        user_guide(photographer)
        it_guide(photographer)
        photographer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
