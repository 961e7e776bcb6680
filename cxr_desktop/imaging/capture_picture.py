"""A film with the answer burned in: what a picture archive shows to somebody without this program.

No patient's name is drawn: the archive shows whose film it is, and a drawn name cannot be taken
away again.
"""

from __future__ import annotations

from textwrap import wrap

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import DISCLAIMER, Assessment, Verdict
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.map_overlay import film_with_map

LEAST_WIDTH = 640
MAP_WORDS = "The heat map shows what raised the score, not the outline of a lesion."
LINE = 74  # letters of a caution that fit in a line at the size of the other words
Colour = tuple[int, int, int]  # blue, green, red
WHITE, GREY, AMBER = (255, 255, 255), (200, 200, 200), (96, 200, 240)
COLOURS = {  # the word says the same
    Verdict.NORMAL: (168, 214, 120),
    Verdict.UNCERTAIN: AMBER,
    Verdict.ABNORMAL: (110, 150, 250),
}
MARGIN = 16
FONT = cv2.FONT_HERSHEY_SIMPLEX
WIDEST = 1024


def draw_capture(
    radiograph: Radiograph, exam: ExamRecord, program_version: str
) -> NDArray[np.uint8]:
    """Return (rows, columns, 3), RGB: the film as first shown, its map, and the words below it."""
    answer = exam.assessment
    film = _centred(film_with_map(radiograph, answer.heat_map))
    words = [(line, AMBER) for caution in exam.cautions for line in wrap(str(caution), LINE)]
    words.append((DISCLAIMER, WHITE))
    if answer.heat_map is not None:
        words.append((MAP_WORDS, GREY))
    points = answer.points
    by = f"Model {answer.model.id} {answer.model.version}, CXR Desktop {program_version}"
    cuts = f"normal below {points.normal_below:g}, abnormal from {points.abnormal_from:g}"
    words += [(f"{by}, {exam.time:%Y-%m-%d %H:%M} UTC", GREY), (cuts, GREY)]
    picture = np.vstack([film, _band(film.shape[1], answer, words)])
    return np.ascontiguousarray(picture[:, :, ::-1])


def _centred(film: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put a narrow film in the middle of a picture that is wide enough for the words."""
    missing = max(0, LEAST_WIDTH - film.shape[1])
    sides = (missing // 2, missing - missing // 2)
    return np.pad(film, ((0, 0), sides, (0, 0)))


def _band(width: int, answer: Assessment, words: list[tuple[str, Colour]]) -> NDArray[np.uint8]:
    scale = width / WIDEST
    line = round(34 * scale)
    band = np.zeros((round(84 * scale) + line * len(words), width, 3), np.uint8)
    head = f"{answer.verdict.value.upper()}   P(abnormal) = {answer.probability:.3f}"
    colour = COLOURS.get(answer.verdict, WHITE)
    _write(band, head, round(54 * scale), 1.5 * scale, colour)
    for number, (text, shade) in enumerate(words):
        base = round(96 * scale) + line * number
        _write(band, text, base, 0.72 * scale, shade)
    return band


def _write(band: NDArray[np.uint8], text: str, base: int, size: float, colour: Colour) -> None:
    """Write one line, smaller where it would not fit; what is not ASCII becomes a “?”."""
    shown = "".join(c if c.isascii() and c.isprintable() else "?" for c in text)
    room = band.shape[1] - 2 * MARGIN
    width = cv2.getTextSize(shown, FONT, size, 1)[0][0]
    fitted = size * min(1.0, room / max(width, 1))
    thick = 2 if fitted > 1 else 1
    cv2.putText(band, shown, (MARGIN, base), FONT, fitted, colour, thick, cv2.LINE_AA)
