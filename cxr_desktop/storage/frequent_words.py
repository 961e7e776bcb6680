"""What very many exams have in their words, told from a few exams and reviews spread over all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import sqlite_utils

from cxr_desktop.storage.exam_words import TEXTS
from cxr_desktop.storage.history_filter import Has, own_words, said_beginning
from cxr_desktop.storage.search_text import exam_expressions, said_expressions

SAMPLE = 1000
AN_EIGHTH = 8
"""Exams that came since are looked at when they are so great a part."""
Expressions = Callable[[tuple[str, ...]], set[str]]


@dataclass(frozen=True, slots=True)
class Frequent:
    """The words, the most frequent one first, as it was when exams had numbers below `room`."""

    words: tuple[Has, ...] = ()
    room: int = 0


def frequent_words(db: sqlite_utils.Database, known: Frequent, room: int, many: int) -> Frequent:
    """Return what about `many` exams or more have; `known` as long as there are few new ones."""
    if known.room <= room < known.room + max(known.room // AN_EIGHTH, many):
        return known
    counted = Counter[Has]()
    for table, columns, expressions, has in (
        ("exams", TEXTS, exam_expressions, own_words),
        ("reviews", "text", lambda texts: said_expressions(*texts), said_beginning),
    ):
        last = int(db.execute(f"SELECT coalesce(max(seq), 0) FROM {table}").fetchone()[0])  # noqa: S608 - our own names
        step = max(last // SAMPLE, 1)
        some = json.dumps([*range(last, 0, -step)])
        chosen = f"SELECT {columns} FROM {table} WHERE seq IN (SELECT value FROM json_each(?))"  # noqa: S608 - the same
        for texts in db.execute(chosen, (some,)):
            for one in expressions(texts):
                counted[has(one)] += step
    return Frequent(tuple(has for has, about in counted.most_common() if about >= many), room)
