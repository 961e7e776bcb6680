"""Writes what was ordered of one exam."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.dicom_out.common import as_file
from cxr_desktop.imaging.dicom_out.encapsulated_pdf import encapsulated_pdf
from cxr_desktop.imaging.dicom_out.evidence import film_of, subject_of
from cxr_desktop.imaging.dicom_out.order import facts_of, shapes_of
from cxr_desktop.imaging.refusals import damaged


def write_answer(header: dict[str, Any], parts: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Return the names of the parts and their files; the first part received is the stored film.

    The report of a film that is no DICOM refers to the picture, which must be ordered with it.
    """
    facts, uids = facts_of(header), list(header["uids"])
    content = dict(zip(header["names"], parts[1:], strict=True))
    film = film_of(facts, parts[0])
    subject = subject_of(facts, "") if film is None else film
    files: dict[str, bytes] = {}
    shown = film
    shapes = shapes_of(header)
    if "picture" in content or header["report"] or shapes is not None:
        _need_highdicom()
    if "picture" in content:
        # highdicom takes most of a second to load, and most sessions never need it.
        from cxr_desktop.imaging.dicom_out.secondary_capture import secondary_capture  # noqa: PLC0415 - above

        pixels = np.frombuffer(content["picture"], np.uint8).reshape(header["picture_shape"])
        made = secondary_capture(facts, subject, film, pixels, uids[:2])
        files["picture"] = as_file(made)
        shown = film if film is not None else made
    if header["report"]:
        if shown is None:
            raise damaged("A report about this film needs the picture with it.")
        from cxr_desktop.imaging.dicom_out.structured_report import structured_report  # noqa: PLC0415 - above

        files["sr"] = structured_report(facts, shown, [*uids[2:6], uids[8]])
    if "pdf" in content:
        files["pdf"] = encapsulated_pdf(facts, subject, film, content["pdf"], uids[6:8])
    if shapes is not None:
        if film is None:
            raise damaged("Measurements can only be laid over a DICOM film, and this film is none.")
        from cxr_desktop.imaging.dicom_out.look import look_of  # noqa: PLC0415 - above
        from cxr_desktop.imaging.dicom_out.presentation_state import presentation_state  # noqa: PLC0415 - above

        look = look_of(parts[0], turned=bool(header["turned"]))
        files["measurements"] = presentation_state(facts, film, look, shapes, uids[9:11])
    return {"names": list(files)}, list(files.values())


def _need_highdicom() -> None:
    """Refuse where the package cannot be installed: one of its parts has no wheel for 3.14 yet."""
    if find_spec("highdicom") is None:
        raise FilmRefused(
            RefusalCode.UNSUPPORTED_FORMAT,
            "This cannot be written as DICOM here: the package highdicom is missing.",
            hint="Use the program with Python 3.11 to 3.13.",
        )
