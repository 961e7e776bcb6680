"""The clock that services are given; tests give their own."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return aware UTC time."""
    return datetime.now(UTC)
