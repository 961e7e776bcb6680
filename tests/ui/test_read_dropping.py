"""A disc with everything on it, dropped on Read: its films, and one summary at the end."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.finder import FilmFinder
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.film_files import dicom, encoded, ramp
from tests.support.held_runner import HeldRunner
from tests.support.read_desk import Desk
from tests.support.reading import READER, FakeReading

DCM = dicom(ramp())
PNG = encoded(".png", ramp(top=255).astype(np.uint8))


@pytest.fixture
def finder() -> FilmFinder:
    return FilmFinder(lambda path: [["DICOM", "IM1"]])


def write_disc(disc: Path) -> None:
    (disc / "DICOM").mkdir(parents=True)
    (disc / "DICOM" / "IM1").write_bytes(DCM)
    (disc / "DICOMDIR").write_bytes(DCM)
    (disc / "autorun.inf").write_text("[autorun]")
    (disc / "picture.png").write_bytes(PNG)
    (disc / "text.dcm").write_text("no film")
    with zipfile.ZipFile(disc / "more.zip", "w") as archive:
        archive.writestr("old/film", DCM)
        archive.writestr("readme.txt", "hello")


def drop(view: ReadView, *paths: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    view.dropEvent(
        QDropEvent(
            QPointF(50, 50),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


@pytest.mark.parametrize("what", ["the disc", "its index, the archive and two files"])
def test_everything_on_a_disc_is_run_and_summed_up_once(
    qtbot: QtBot, finder: FilmFinder, tmp_path: Path, what: str
) -> None:
    disc = tmp_path / "disc"
    write_disc(disc)
    runner = HeldRunner()
    desk = Desk(qtbot, READER, runner, FakeReading(finder))
    view = ReadView(desk.presenter)
    qtbot.addWidget(view)
    refusal = FilmRefused(RefusalCode.UNSUPPORTED_FORMAT, "This kind of file is not read.")
    desk.reading.classify.errors_open["text.dcm"] = refusal
    names = ("DICOMDIR", "more.zip", "picture.png", "text.dcm")
    drop(view, *([disc] if what == "the disc" else [disc / name for name in names]))
    runner.finish_all()
    desk.presenter.run_all()
    runner.finish_all()
    assert view.summary.text == "3 classified (3 abnormal), 1 refused (1 unsupported format)"
    summary = desk.state.summary
    assert summary is not None
    assert {one.file for one in summary.outcomes} == {
        str(disc / "DICOM" / "IM1"),
        str(disc / "more.zip" / "old" / "film"),
        str(disc / "picture.png"),
        str(disc / "text.dcm"),
    }
    desk.close()
