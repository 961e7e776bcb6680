"""What a question to the History asks for, as conditions over `exams`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

import sqlite_utils

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.deletions import DELETED, NOT_DELETED
from cxr_desktop.storage.reader_filter import Values, of_readers
from cxr_desktop.storage.review_words import EXAM_OF_ROW
from cxr_desktop.storage.search_text import (
    match_expression,
    review_beginnings,
    review_expression,
)
from cxr_desktop.storage.times import first_moment, last_moment, time_text
from cxr_desktop.storage.withheld import REVIEWED_BY_READER, SEQ_REVIEWED_BY_READER

# As the column `zone` counts (migrations.py).
ZONES = {Verdict.NORMAL: 0, Verdict.UNCERTAIN: 1, Verdict.ABNORMAL: 2, Verdict.REFUSED: 3}
WORDS = "SELECT rowid AS seq FROM exam_pieces WHERE exam_pieces MATCH :match"
SAID = f"SELECT {EXAM_OF_ROW} AS seq FROM said_search WHERE said_search MATCH :said"  # noqa: S608 - our own names
BETWEEN = " AND rowid BETWEEN :low AND :high"
SAID_BETWEEN = " AND rowid >= ({low} << 20) AND rowid < (({high} + 1) << 20)"  # review_words.py
PICKED = "SELECT seq FROM exams WHERE exam_id IN (SELECT value FROM json_each(:picked))"

IS_DELETED = f"seq IN ({DELETED}) AND seq NOT IN (SELECT exam_seq FROM removals)"  # noqa: S608 - our own names


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: `words` gives the exams that have the words, empty without any.

    Each of `words` and `words_between` (`:low` and `:high` bound the exams' numbers) is one or two
    SELECTs: of the exam's own words, and of its reviews'. `conditions` are all others.
    """

    words: tuple[str, ...]
    words_between: tuple[str, ...]
    conditions: tuple[str, ...]
    values: Values

    @property
    def plain(self) -> bool:
        """Whether nothing but words is asked for."""
        return not self.conditions

    def have(self, number: str) -> str:
        """Return the condition that an exam has the words; `number` names its number, not `seq`."""
        exists = (
            f"EXISTS ({words.replace(':low', number).replace(':high', number)})"
            for words in self.words_between
        )
        return f"({' OR '.join(exists)})"

    @property
    def where(self) -> str:
        """The WHERE clause over `exams`; it leaves out deleted exams unless they are asked for."""
        words = (f"seq IN ({' UNION '.join(self.words)})",) if self.words else ()
        return f"WHERE {' AND '.join((*words, *self.conditions, *self.rest))}"

    @property
    def rest(self) -> tuple[str, ...]:
        """What is left out of every list."""
        return () if IS_DELETED in self.conditions else (NOT_DELETED,)


def asked_for(db: sqlite_utils.Database, query: HistoryQuery) -> Asked:
    """Return the question as SQL; most words are a patient's, and no review need be looked at."""
    match, said = match_expression(query.text), review_expression(query.text)
    if not match:
        return _conditions(db, query, Asked((), (), (), {}))
    values: Values = {"match": match}
    words: tuple[str, ...] = (WORDS,)
    between: tuple[str, ...] = (WORDS + BETWEEN,)
    if query.in_reviews and _anybody_said(db, query.text, said):
        inside = SAID_BETWEEN.format(low=":low", high=":high")
        seen = f" AND {EXAM_OF_ROW} {SEQ_REVIEWED_BY_READER}" if query.withheld_from else ""
        words, between = (*words, SAID + seen), (*between, SAID + inside + seen)
        values["said"] = said
    return _conditions(db, query, Asked(words, between, (), values))


def _anybody_said(db: sqlite_utils.Database, text: str, said: str) -> bool:
    found = "SELECT 1 FROM said_search WHERE said_search MATCH ? LIMIT 1"
    return all(db.execute(found, (one,)).fetchone() for one in (review_beginnings(text), said))


def _conditions(db: sqlite_utils.Database, query: HistoryQuery, asked: Asked) -> Asked:
    conditions: list[str] = []
    values = dict(asked.values)
    if query.withheld_from:
        values["reader"] = query.withheld_from
        if query.verdict is not None or query.agreement is not None:
            conditions.append(REVIEWED_BY_READER)
    if query.verdict is not None:
        conditions.append("zone = :zone")
        values["zone"] = ZONES[query.verdict]
    for condition, named in (*_named(query), *of_readers(db, query)):
        conditions.append(condition)
        values |= named
    for condition, name, value in _bounds(query):
        conditions.append(condition)
        values[name] = value
    if query.deleted:
        conditions.append(IS_DELETED)
    return replace(asked, conditions=tuple(conditions), values=values)


def _named(query: HistoryQuery) -> Iterator[tuple[str, Values]]:
    """Yield (condition, its values) for every name that is asked for."""
    if query.user:
        yield "user = :user", {"user": query.user}
    if query.model:
        model, _, version = query.model.rpartition(" ")
        named: Values = {"model": model, "version": version}
        yield "model_id = :model AND model_version = :version", named


def _bounds(query: HistoryQuery) -> Iterator[tuple[str, str, str]]:
    """Yield (condition, name of its value, value) for picked exams and every bound in time."""
    if query.exam_ids is not None:
        yield f"seq IN ({PICKED})", "picked", json.dumps(query.exam_ids)
    if query.first_day is not None:
        yield "time >= :first", "first", first_moment(query.first_day)
    if query.last_day is not None:
        yield "time <= :last", "last", last_moment(query.last_day)
    if query.since is not None:
        yield "time >= :since", "since", time_text(query.since)
    if query.before is not None:
        yield "time < :before", "before", time_text(query.before)
