from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap, QPixmapCache
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop import locations
from cxr_desktop.ui import icons
from cxr_desktop.ui.navigation import SCREENS

DRAWINGS = sorted(path.stem for path in (locations.resources() / "icons").glob("*.svg"))
VERDICTS = ("verdict-normal", "verdict-uncertain", "verdict-abnormal", "verdict-refused")


def shape(name: str, size: int = 32) -> list[bool]:
    """Which pixels are inked, whatever their colour."""
    picture = icons.pixmap(name, "#ffffff", size).toImage()
    return [picture.pixelColor(x, y).alpha() > 100 for y in range(size) for x in range(size)]


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_draws_something(qapp: QApplication, name: str) -> None:
    inked = sum(shape(name))
    assert 10 < inked < 1000


def test_verdicts_differ_in_shape_and_not_only_in_colour(qapp: QApplication) -> None:
    shapes = {name: shape(name) for name in VERDICTS}
    for one in VERDICTS:
        for other in VERDICTS:
            if one < other:
                pairs = zip(shapes[one], shapes[other], strict=True)
                assert sum(a != b for a, b in pairs) > 150, (one, other)


def test_an_icon_has_the_colour_it_was_asked_for(qapp: QApplication) -> None:
    picture = icons.icon("stop", "#ff0000").pixmap(32, 32).toImage()
    assert picture.pixelColor(16, 16).name() == "#ff0000"


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    made = icons.icon("stop", "#ffffff")
    picture = made.pixmap(32, 32, QIcon.Mode.Disabled).toImage()
    assert picture.pixelColor(16, 16) != Qt.GlobalColor.white


def test_a_name_without_a_drawing_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-drawing")


def test_every_screen_has_a_drawing() -> None:
    assert {screen.icon for screen in SCREENS} <= set(DRAWINGS)


def test_no_drawing_carries_anything_but_lines() -> None:
    for name in DRAWINGS:
        text = Path(locations.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        assert not re.search(r"<(script|image|text|style|foreignObject)|href", text), name


def test_the_coloured_drawings_of_the_first_screens_are_drawn_beforehand(qtbot: QtBot) -> None:
    QPixmapCache.clear()
    warmer = icons.IconWarmer()
    warmer.start()
    qtbot.waitUntil(lambda: not warmer.is_running)
    for name, ink in icons.OWN_INKS:
        for size in icons.SIZES:
            assert QPixmapCache.find(f"cxr/{name}/{ink}/{size}", QPixmap()), (name, ink, size)
