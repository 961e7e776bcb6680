"""What a question to the History asks for, as conditions over `exams`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.deletions import DELETED, NOT_DELETED
from cxr_desktop.storage.reader_filter import Condition, Values, of_readers
from cxr_desktop.storage.review_words import EXAM_OF_ROW, ROWS_SINCE
from cxr_desktop.storage.search_text import (
    match_expressions,
    review_beginnings,
    review_expression,
)
from cxr_desktop.storage.times import first_moment, last_moment, time_text
from cxr_desktop.storage.withheld import (
    ALL_REVIEWED_BY_READER,
    REVIEWED_BY_READER,
    REVIEWED_BY_READER_SINCE,
)

# As the column `zone` counts (migrations.py).
ZONES = {Verdict.NORMAL: 0, Verdict.UNCERTAIN: 1, Verdict.ABNORMAL: 2, Verdict.REFUSED: 3}
WORDS = "SELECT rowid AS seq FROM exam_pieces WHERE exam_pieces MATCH :match"
NEW_WORDS = f"{WORDS} AND rowid >= :room"
SAID = f"SELECT {EXAM_OF_ROW} AS seq FROM said_search WHERE said_search MATCH :said"  # noqa: S608 - our own names
ANY_SAID = "SELECT 1 FROM said_search WHERE said_search MATCH ? LIMIT 1"
NEW_SAID = f"{SAID} AND rowid IN ({ROWS_SINCE})"
PICKED = "exam_id IN (SELECT value FROM json_each(:picked))"
IS_DELETED = f"seq IN ({DELETED}) AND seq NOT IN (SELECT exam_seq FROM removals)"  # noqa: S608 - our own names
TOLD = Condition(ALL_REVIEWED_BY_READER, REVIEWED_BY_READER)


@dataclass(frozen=True, slots=True)
class Has:
    """Something that an exam has for good once it has it.

    `rows` selects all exams that have it; `news` those that came to have it after the audit event
    `:event`, by when exams had numbers below `:room`. Without `news` all are looked up each time.
    """

    rows: str
    name: str
    value: str
    news: str = ""

    @property
    def values(self) -> Values:
        """What `rows` and `news` ask with."""
        return {self.name: self.value}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: an exam must have all of `words` or all of `said` (its reviews' words); without
    typed words both are empty. `rest` is what holds for every exam of the list.
    """

    words: tuple[Has, ...]
    said: tuple[Has, ...]
    conditions: tuple[Condition, ...]
    rest: str
    values: Values

    @property
    def where(self) -> str:
        """All that is asked of an exam at hand but the words."""
        return " AND ".join((*(f"({one.each})" for one in self.conditions), self.rest))


def asked_for(db: sqlite_utils.Database, query: HistoryQuery) -> Asked:
    """Return the question as SQL; most words are a patient's, and no review need be looked at."""
    words = tuple(own_words(each) for each in match_expressions(query.text))
    said = tuple(_said(db, query)) if query.in_reviews else ()
    values: Values = {"reader": query.withheld_from}
    asked = [*_of_exams(query), *of_readers(query)]
    for _, more in asked:
        values |= more
    conditions = tuple(condition for condition, _ in asked)
    return Asked(words, said, conditions, IS_DELETED if query.deleted else NOT_DELETED, values)


def own_words(expression: str) -> Has:
    """Return that an exam's own words fit an FTS5 query."""
    return Has(WORDS, "match", expression, NEW_WORDS)


def said_beginning(expression: str) -> Has:
    """Return that a review has a word that begins so, one of `review_beginnings`."""
    return Has(SAID, "said", expression, NEW_SAID)


def all_words(several: Sequence[Has]) -> list[Has]:
    """Return the same as fewer questions: all that is asked of exams' own words is one."""
    own = [each.value for each in several if each.rows == WORDS]
    joined = [own_words(" AND ".join(own))] if own else []
    return [*joined, *(each for each in several if each.rows != WORDS)]


def _said(db: sqlite_utils.Database, query: HistoryQuery) -> Iterator[Has]:
    """Yield what reviews must have and who may know it; nothing where nobody said such words."""
    beginnings = review_beginnings(query.text)
    may_be_said = [db.execute(ANY_SAID, (each,)).fetchone() is not None for each in beginnings]
    if not any(may_be_said):
        return
    expression = review_expression(query.text, may_be_said)
    yield said_beginning(expression) if expression in beginnings else Has(SAID, "said", expression)
    yield from told_to(query)


def told_to(query: HistoryQuery) -> Iterator[Has]:
    """Yield that an exam's answer is not withheld from who asks; nothing where none is."""
    if query.withheld_from:
        seen = ALL_REVIEWED_BY_READER, "reader", query.withheld_from, REVIEWED_BY_READER_SINCE
        yield Has(*seen)


def _of_exams(query: HistoryQuery) -> Iterator[tuple[Condition, Values]]:
    """Yield (condition, its values) for all that is asked of the exams themselves."""
    if query.withheld_from and (query.verdict is not None or query.agreement is not None):
        yield TOLD, {}
    for each, values in (*_named(query), *_bounds(query)):
        yield Condition(f"SELECT seq FROM exams WHERE {each}", each), values  # noqa: S608 - our own words


def _named(query: HistoryQuery) -> Iterator[tuple[str, Values]]:
    if query.verdict is not None:
        yield "zone = :zone", {"zone": ZONES[query.verdict]}
    if query.user:
        yield "user = :user", {"user": query.user}
    if query.model:
        model, _, version = query.model.rpartition(" ")
        named: Values = {"model": model, "version": version}
        yield "model_id = :model AND model_version = :version", named
    if query.exam_ids is not None:
        yield PICKED, {"picked": json.dumps(query.exam_ids)}


def _bounds(query: HistoryQuery) -> Iterator[tuple[str, Values]]:
    if query.first_day is not None:
        yield "time >= :first", {"first": first_moment(query.first_day)}
    if query.last_day is not None:
        yield "time <= :last", {"last": last_moment(query.last_day)}
    if query.since is not None:
        yield "time >= :since", {"since": time_text(query.since)}
    if query.before is not None:
        yield "time < :before", {"before": time_text(query.before)}
