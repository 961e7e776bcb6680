"""The orders that the History can be listed in, each with the index that holds it.

TO ADD AN ORDER: one row in `INDEXES` and one in `COLUMNS`, and the index by a migration.
"""

from __future__ import annotations

from cxr_desktop.domain.history import SortKey
from cxr_desktop.storage.withheld import TELLING, order_of

INDEXES: dict[SortKey, str] = {
    "time": "exams_by_time",
    "patient": "exams_by_patient",
    "verdict": "exams_by_zone",
    "probability": "exams_by_probability",
    "user": "exams_by_user",
    "patient_id": "exams_by_patient_id",
    "file": "exams_by_file",
    "model": "exams_by_model",
    "film": "exams_by_film",
    "review": "ranks_by_review",
    "report": "ranks_by_report",
}
COLUMNS: dict[SortKey, tuple[str, ...]] = {
    "time": ("time",),
    "patient": ("patient_key", "time"),
    "verdict": ("zone", "time"),
    "probability": ("probability", "time"),
    "user": ("user", "time"),
    "patient_id": ("patient_id", "time"),
    "file": ("file_name", "time"),
    "model": ("model_id", "model_version", "time"),
    "film": ("film_sha256", "time"),
    "review": ("review", "made"),
    "report": ("report", "made"),
}
OF_RANKS = frozenset({"review", "report"})


def order_for(sort: SortKey, *, withheld: bool) -> tuple[tuple[str, ...], str]:
    """Return by what few exams are sorted, and what stands behind FROM.

    Of answers that are `withheld` from who asks the order tells nothing.
    """
    exams = "exams NOT INDEXED"
    if withheld and tells(sort):
        return (order_of(COLUMNS[sort][0], withheld=True), "time", "seq"), exams
    if sort in OF_RANKS:
        exams += " CROSS JOIN exam_ranks ON exam_seq = seq"
    return (*COLUMNS[sort], "seq"), exams


def tells(sort: SortKey) -> bool:
    """Whether an order tells of answers."""
    return COLUMNS[sort][0] in TELLING


def walk(sort: SortKey, where: str, way: str = "ASC") -> str:
    """Return the SELECT that gives the numbers of all exams in order, from the index alone."""
    columns = ", ".join(f"{column} {way}" for column in (*COLUMNS[sort], "seq"))
    index = INDEXES[sort]
    walked = f"exams INDEXED BY {index}"
    if sort in OF_RANKS:
        walked = f"(SELECT *, exam_seq AS seq FROM exam_ranks INDEXED BY {index})"  # noqa: S608 - our own names
    return f"SELECT seq FROM {walked} WHERE {where} ORDER BY {columns}"  # noqa: S608 - the same
