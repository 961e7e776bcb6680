"""A few pages of a long list: what was looked at last stays, the rest is forgotten."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from cxr_desktop.domain.history import PAGE, ExamRow

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """A mapping that holds at most `limit` values and drops the one used longest ago."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: Key) -> bool:
        return key in self._values

    def get(self, key: Key) -> Value | None:
        """Return the value, which makes it the last used one, or None."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, forgetting the one used longest ago when there are too many."""
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._limit:
            self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._values.clear()

    def values(self) -> tuple[Value, ...]:
        """Return what is held, the last used one at the end."""
        return tuple(self._values.values())


class PageCache:
    """Rows of a long list by their number, `page_size` to a page, at most `limit` pages."""

    def __init__(self, page_size: int = PAGE, limit: int = 40) -> None:
        self.page_size = page_size
        self._pages: Recent[int, tuple[ExamRow, ...]] = Recent(limit)

    def __len__(self) -> int:
        return len(self._pages)

    def page_of(self, row: int) -> int:
        """Return the number of the page that a row lies on."""
        return row // self.page_size

    def row(self, number: int) -> ExamRow | None:
        """Return a row, or None when its page is not held or shorter than it was."""
        page = self._pages.get(self.page_of(number))
        place = number % self.page_size
        return page[place] if page is not None and place < len(page) else None

    def has(self, page: int) -> bool:
        """Whether the page is held."""
        return page in self._pages

    def put(self, page: int, rows: Sequence[ExamRow]) -> None:
        """Keep one page."""
        self._pages.put(page, tuple(rows))

    def users(self) -> frozenset[str]:
        """Return the names of the users whose exams are held."""
        return frozenset(row.user for page in self._pages.values() for row in page)

    def models(self) -> frozenset[str]:
        """Return “id version” of the models that answered the exams that are held."""
        pages = self._pages.values()
        return frozenset(f"{row.model_id} {row.model_version}" for page in pages for row in page)

    def clear(self) -> None:
        """Forget all pages."""
        self._pages.clear()
