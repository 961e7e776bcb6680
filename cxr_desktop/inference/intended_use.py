"""Is this a film that the model was made for? Simple rules that a person can follow.

They stop what is certainly no chest film and no more: a hand or an abdomen passes. Thresholds were
set so that no validation film is refused (docs/model.md).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Caution, Radiograph, StudyInfo, Window

SHORTEST_SIDE = 128
LONGEST_RATIO = 2.5
LEAST_SPREAD = 0.04
LATERAL = frozenset({"LL", "RL", "LATERAL", "LAT", "LLAT", "RLAT"})
YOUNGEST_YEARS = 1.0
CHILD_YEARS, ADULT_YEARS = 6.0, 18.0
PORTABLE = ("portable", "bedside", "mobile", "supine")
ANOTHER_FILE = "Open a frontal chest film."
DAYS = {"D": 1.0, "W": 7.0, "M": 30.44, "Y": 365.25}


def check_film(radiograph: Radiograph) -> tuple[Caution, ...]:
    """Return what the reader should know of this film.

    Raises `FilmRefused` for a picture that cannot be a frontal chest film: too small, a strip,
    blank, or lateral by its own tags.
    """
    _refuse_by_shape(radiograph)
    _refuse_blank(radiograph)
    if radiograph.study.view_position.upper() in LATERAL:
        raise FilmRefused(
            RefusalCode.NOT_FRONTAL,
            "This is a side view; the model reads frontal films only.",
            hint=ANOTHER_FILE,
        )
    return study_cautions(radiograph.study)


def _refuse_by_shape(radiograph: Radiograph) -> None:
    short, long = sorted((radiograph.rows, radiograph.columns))
    if short < SHORTEST_SIDE:
        raise FilmRefused(
            RefusalCode.NOT_A_RADIOGRAPH,
            f"The picture is only {radiograph.columns} x {radiograph.rows} pixels, "
            "too small to be a chest film.",
            hint="Open the film itself, not a thumbnail.",
        )
    if long > LONGEST_RATIO * short:
        raise FilmRefused(
            RefusalCode.NOT_A_RADIOGRAPH,
            "The picture is a long strip, not a chest film.",
            hint=ANOTHER_FILE,
        )


def _refuse_blank(radiograph: Radiograph) -> None:
    """Refuse a film whose middle 90 % of pixels are one grey, whatever its few others are."""
    # A grid of about 512 rows is enough for percentiles, and fast at any size.
    step = max(1, min(radiograph.rows, radiograph.columns) // 512)
    seen = radiograph.pixels[::step, ::step]
    window = radiograph.window
    if _is_plainly_not_blank(seen, window):
        return
    if _spread(np.percentile(seen, (5, 95)), window) < LEAST_SPREAD * window.width:
        raise FilmRefused(
            RefusalCode.NOT_A_RADIOGRAPH,
            "The picture is blank or nearly so.",
            hint="Check the exposure or the export, then open the film again.",
        )


def _is_plainly_not_blank(seen: NDArray[np.float32], window: Window) -> bool:
    """Whether a few of the pixels show it; counting proves what they say of all.

    Exact percentiles of a million pixels take 9 ms, this 0.3. When more than 5 % of all pixels are
    at or below the one grey, the 5th percentile is, too; and the same above. To find as many, every
    third row is enough.
    """
    few = np.sort(seen[::16, ::16], axis=None)
    low, high = few[len(few) // 5], few[-len(few) // 5]
    if _spread((low, high), window) < LEAST_SPREAD * window.width:
        return False
    enough, rows = 0.05 * seen.size + 2, seen[::3]
    below, above = np.count_nonzero(rows <= low), np.count_nonzero(rows >= high)
    return bool(below >= enough and above >= enough)


def _spread(greys: Iterable[float], window: Window) -> float:
    """Return how far two greys are apart as they are shown."""
    low, high = np.clip(list(greys), window.low, window.high)
    return float(high - low)


def study_cautions(study: StudyInfo) -> tuple[Caution, ...]:
    """Cautions from what the file says of view and patient; silent where it says nothing."""
    cautions = []
    description = study.study_description.lower()
    if study.view_position.upper() == "AP" or any(word in description for word in PORTABLE):
        cautions.append(
            Caution(
                "ap_view",
                "AP or bedside film: heart and mediastinum look larger than they are; take the "
                "score with care.",
            )
        )
    years = age_in_years(study)
    if years is not None and years < YOUNGEST_YEARS:
        cautions.append(Caution("infant", "The model was not tested on infants under one year."))
    elif years is not None and CHILD_YEARS <= years < ADULT_YEARS:
        cautions.append(
            Caution("older_child", "The model was not tested on children of 6 to 17 years.")
        )
    return tuple(cautions)


def age_in_years(study: StudyInfo) -> float | None:
    """Age at the study: from DICOM's age string (PS3.5 6.2, "018M"), else from the two dates."""
    text = study.age.strip().upper()
    if len(text) >= 2 and text[-1] in DAYS and text[:-1].isdigit():
        return int(text[:-1]) * DAYS[text[-1]] / DAYS["Y"]
    if study.birth_date is None or study.study_date is None:
        return None
    days = (study.study_date - study.birth_date).days
    return days / DAYS["Y"] if days >= 0 else None
