from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication

from cxr_desktop import locations
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.style_sheet import STYLE

SURFACES = (Palette.BACKGROUND, Palette.SURFACE, Palette.RAISED)
TEXTS = (
    Palette.TEXT,
    Palette.MUTED,
    Palette.ACCENT,
    Palette.NORMAL,
    Palette.UNCERTAIN,
    Palette.ABNORMAL,
    Palette.REFUSED,
    Palette.DANGER,
)


def luminance(colour: str) -> float:
    ink = QColor(colour)
    linear = [
        c / 12.92 if c <= 0.04045 else float((c + 0.055) / 1.055) ** 2.4
        for c in (ink.redF(), ink.greenF(), ink.blueF())
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_can_be_read_on_every_surface(text: str, surface: str) -> None:
    assert contrast(text, surface) >= 4.5


@pytest.mark.parametrize(
    "text,surface",
    [
        (Palette.ON_ACCENT, Palette.ACCENT),
        (Palette.ON_ACCENT, Palette.ACCENT_HOVER),
        (Palette.TEXT, Palette.SELECTION),
        (Palette.TEXT, Palette.HOVER),
        (Palette.TEXT, Palette.INFO_SURFACE),
        (Palette.TEXT, Palette.CAUTION_SURFACE),
        (Palette.TEXT, Palette.DANGER_SURFACE),
        (Palette.DANGER, Palette.DANGER_SURFACE),
    ],
)
def test_text_can_be_read_on_what_is_coloured(text: str, surface: str) -> None:
    assert contrast(text, surface) >= 4.5


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("line", [Palette.OUTLINE, Palette.ACCENT])
def test_outlines_and_the_focus_can_be_seen(line: str, surface: str) -> None:
    assert contrast(line, surface) >= 3


def test_the_font_is_ours(qapp: QApplication) -> None:
    assert QFontInfo(qapp.font()).family() == "Inter"


def test_every_picture_of_the_style_sheet_exists() -> None:
    names = re.findall(r"url\(icons:([\w-]+\.svg)\)", STYLE)
    assert names
    for name in names:
        assert (locations.resources() / "icons" / name).is_file(), name


def test_the_licence_lies_beside_the_fonts_and_they_are_small() -> None:
    folder = locations.resources() / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8").upper()
    assert sum(path.stat().st_size for path in folder.iterdir()) < 1_500_000
