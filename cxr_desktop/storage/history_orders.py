"""The orders that the History can be listed in, each with the index that holds it.

TO ADD AN ORDER: one row in `INDEXES` and one in `COLUMNS`, and the index by a migration.
"""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Order:
    """An order: `columns` end in the exam's number, the others are what stands behind FROM.

    `walked` gives the numbers in order from the index alone, `walked_exams` with the whole exam at
    hand; `fetched` is for few exams whose numbers are known, `free` leaves the way to SQLite.
    Without `has_index` there is only one way.
    """

    columns: tuple[str, ...]
    walked: str
    walked_exams: str
    fetched: str
    free: str
    has_index: bool = True


def order_for(sort: SortKey, *, withheld: bool) -> Order:
    """Return the order; of answers that are `withheld` from who asks it tells nothing."""
    columns, index = COLUMNS[sort], INDEXES[sort]
    if withheld and not TELLING.keys().isdisjoint(columns):
        shown = [order_of(column, withheld=True) for column in columns if column != "made"]
        last = () if "time" in columns else ("time",)
        exams = "exams"
        return Order((*shown, *last, "seq"), exams, exams, exams, exams, has_index=False)
    if sort in OF_RANKS:
        return Order(
            (*columns, "exam_seq"),
            f"(SELECT exam_seq AS seq, exam_seq, made, {sort} FROM exam_ranks INDEXED BY {index})",  # noqa: S608 - our own names
            f"exam_ranks INDEXED BY {index} CROSS JOIN exams ON seq = exam_seq",
            "exams NOT INDEXED CROSS JOIN exam_ranks ON exam_seq = seq",
            "exam_ranks JOIN exams ON seq = exam_seq",
        )
    walked = f"exams INDEXED BY {index}"
    return Order((*columns, "seq"), walked, walked, "exams NOT INDEXED", "exams")
