"""What a question to the History asks for, as conditions over `exams`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.deletions import DELETED, NOT_DELETED
from cxr_desktop.storage.reader_filter import Condition, Values, of_readers
from cxr_desktop.storage.review_words import EXAM_OF_ROW
from cxr_desktop.storage.search_text import (
    match_expression,
    review_beginnings,
    review_expression,
)
from cxr_desktop.storage.times import first_moment, last_moment, time_text
from cxr_desktop.storage.withheld import ALL_REVIEWED_BY_READER, REVIEWED_BY_READER

# As the column `zone` counts (migrations.py).
ZONES = {Verdict.NORMAL: 0, Verdict.UNCERTAIN: 1, Verdict.ABNORMAL: 2, Verdict.REFUSED: 3}
WORDS = "SELECT rowid AS seq FROM exam_pieces WHERE exam_pieces MATCH :match"
SAID = f"SELECT {EXAM_OF_ROW} AS seq FROM said_search WHERE said_search MATCH :said"  # noqa: S608 - our own names
PICKED = "exam_id IN (SELECT value FROM json_each(:picked))"
IS_DELETED = f"seq IN ({DELETED}) AND seq NOT IN (SELECT exam_seq FROM removals)"  # noqa: S608 - our own names
TOLD = Condition(ALL_REVIEWED_BY_READER, REVIEWED_BY_READER)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: `words` are one or two SELECTs of the exams that have the words, by their own and
    by their reviews'; empty without words. `rest` is what holds for every exam of the list.
    """

    words: tuple[str, ...]
    conditions: tuple[Condition, ...]
    rest: str
    values: Values

    @property
    def where(self) -> str:
        """All that is asked of an exam at hand but the words."""
        return " AND ".join((*(f"({one.each})" for one in self.conditions), self.rest))


def asked_for(db: sqlite_utils.Database, query: HistoryQuery) -> Asked:
    """Return the question as SQL; most words are a patient's, and no review need be looked at."""
    match, said = match_expression(query.text), review_expression(query.text)
    words: tuple[str, ...] = (WORDS,) if match else ()
    values: Values = {"match": match, "said": said, "reader": query.withheld_from}
    if words and query.in_reviews and _anybody_said(db, query.text, said):
        seen = f" AND {EXAM_OF_ROW} IN ({ALL_REVIEWED_BY_READER})" if query.withheld_from else ""
        words = (*words, SAID + seen)
    asked = [*_of_exams(query), *of_readers(query)]
    for _, more in asked:
        values |= more
    conditions = tuple(condition for condition, _ in asked)
    return Asked(words, conditions, IS_DELETED if query.deleted else NOT_DELETED, values)


def _anybody_said(db: sqlite_utils.Database, text: str, said: str) -> bool:
    found = "SELECT 1 FROM said_search WHERE said_search MATCH ? LIMIT 1"
    return all(db.execute(found, (one,)).fetchone() for one in (review_beginnings(text), said))


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
