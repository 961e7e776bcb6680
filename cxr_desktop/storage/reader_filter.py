"""What readers said and signed, as conditions on exams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.review import Agreement

Values = dict[str, str | int | float]
# As `exam_ranks` counts (pieces_shape.py).
RANKS = {Agreement.AGREE: 1, Agreement.OPEN: 2, Agreement.DISAGREE: 3}


@dataclass(frozen=True, slots=True)
class Condition:
    """The same condition twice: `rows` selects the exams that fit, and `each` asks of one exam."""

    rows: str
    each: str


READ_BY = Condition(
    "SELECT exam_seq AS seq FROM reviews WHERE user = :read_by",
    "EXISTS (SELECT 1 FROM reviews WHERE user = :read_by AND exam_seq = exams.seq)",
)


def of_readers(query: HistoryQuery) -> Iterator[tuple[Condition, Values]]:
    """Yield (condition, its values) for all that is asked of readers."""
    if query.reviewed is not None:
        yield _ranked("review > 0" if query.reviewed else "review = 0"), {}
    if query.agreement is not None:
        yield _ranked("review = :agreement"), {"agreement": RANKS[query.agreement]}
    if query.read_by:
        yield READ_BY, {"read_by": query.read_by}
    if query.signed is not None:
        yield _ranked("report >= 2" if query.signed else "report < 2"), {}


def _ranked(test: str) -> Condition:
    return Condition(
        f"SELECT exam_seq AS seq FROM exam_ranks WHERE {test}",  # noqa: S608 - our own words
        f"EXISTS (SELECT 1 FROM exam_ranks WHERE exam_seq = exams.seq AND {test})",  # noqa: S608 - the same
    )
