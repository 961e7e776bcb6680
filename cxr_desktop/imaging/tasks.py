"""What the decoder process does besides reading films; runs there only.

TO ADD A TASK: one row in `TASKS`. A task gets the header and the parts of an `envelope`, and
returns those of its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.imaging.deidentify.task import clean_film
from cxr_desktop.imaging.dicom_out.task import write_answer
from cxr_desktop.imaging.envelope import pack, unpack
from cxr_desktop.imaging.refusals import damaged

Header = dict[str, Any]
Task = Callable[[Header, list[bytes]], tuple[Header, list[bytes]]]

TASKS: dict[str, tuple[Task, str]] = {
    "deidentify": (clean_film, "The film could not be de-identified."),
    "dicom_out": (write_answer, "The answer could not be written as DICOM."),
}


def work(request: bytes) -> bytes:
    """Do what the message asks for. Raises `FilmRefused`, with the task's own sentence for a bug.

    Films are foreign bytes: pydicom raises many kinds, so any exception means that it failed.
    """
    header, parts = unpack(request)
    task, failure = TASKS[header.pop("task")]
    try:
        return pack(*task(header, parts))
    except FilmRefused:
        raise
    except Exception as error:  # see above
        raise damaged(failure) from error
