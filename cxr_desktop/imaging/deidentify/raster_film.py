"""A PNG, JPEG or TIFF film without its patient: a new PNG of the pixels and nothing else."""

from __future__ import annotations

import cv2
import numpy as np

from cxr_desktop.domain.deidentify import Change, Deed, DeidOptions, MaskBox
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.imaging.decoded import look_up
from cxr_desktop.imaging.deidentify.codes import moved
from cxr_desktop.imaging.registry import decode_content

POSITIONS = frozenset({"PA", "AP"})
OLDEST = "090Y"


def clean_raster(content: bytes, boxes: tuple[MaskBox, ...]) -> tuple[bytes, list[Change]]:
    """Return the PNG, 8 or 16 bits of grey as shown, and what was done. Raises `FilmRefused`."""
    film, _sha256 = decode_content(content)
    kind = film.stored.dtype
    top = np.iinfo(kind).max
    pixels = np.rint(look_up(film.stored, film.table) * top).astype(kind)
    for box in boxes:
        pixels[box.y : box.y + box.height, box.x : box.x + box.width] = 0
    written, png = cv2.imencode(".png", pixels)
    if not written:
        raise RuntimeError("OpenCV could not encode a PNG")
    changes = [Change("file", "All but the pixels (texts, EXIF, profiles)", Deed.REMOVED)]
    if boxes:
        changes.append(Change("pixels", f"{len(boxes)} boxes", Deed.MASKED))
    return png.tobytes(), changes


def facts_of(study: StudyInfo, options: DeidOptions, days: int) -> dict[str, str]:
    """Return what may be told of a film beside it: view, and what the options let stay."""
    facts = {}
    if study.view_position in POSITIONS:
        facts["view_position"] = study.view_position
    if options.shift_dates and study.study_date is not None:
        facts["study_date"] = moved(study.study_date, days).isoformat()
    if options.keep_characteristics:
        if study.sex.upper() in {"M", "F", "O"}:
            facts["sex"] = study.sex.upper()
        age = study.age
        if len(age) == 4 and age[:3].isdigit() and age[3] in "DWMY":
            facts["age"] = OLDEST if age[3] == "Y" and int(age[:3]) > 89 else age
    return facts
