"""Values held for the questions that come next, as long as there is room for them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Held(Generic[Key, Value]):
    """The values used last: all together weigh `most` at most. Safe to share between threads."""

    def __init__(self, most: int, weight: Callable[[Value], int]) -> None:
        self._most, self._weight = most, weight
        self._lock = threading.Lock()
        self._values: dict[Key, Value] = {}
        self._weighs = 0

    def __contains__(self, key: Key) -> bool:
        with self._lock:
            return key in self._values

    def get(self, key: Key) -> Value | None:
        """Return a value; from now on it is the one used last."""
        with self._lock:
            value = self._values.pop(key, None)
            if value is not None:
                self._values[key] = value
            return value

    def put(self, key: Key, value: Value) -> None:
        """Hold a value instead of what was there, and drop those used longest ago."""
        with self._lock:
            self._drop(key)
            self._values[key] = value
            self._weighs += self._weight(value)
            while self._weighs > self._most:
                self._drop(next(iter(self._values)))

    def forget(self) -> None:
        """Hold nothing."""
        with self._lock:
            self._values.clear()
            self._weighs = 0

    def _drop(self, key: Key) -> None:
        value = self._values.pop(key, None)
        if value is not None:
            self._weighs -= self._weight(value)
