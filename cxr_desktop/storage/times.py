"""Moments as sortable text: UTC, always with microseconds."""

from __future__ import annotations

from datetime import UTC, date, datetime


def time_text(time: datetime) -> str:
    """Write an aware time, as `2026-03-01T12:00:00.000000+00:00`."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str) -> datetime:
    """Read what `time_text` wrote. Raises ValueError."""
    return datetime.fromisoformat(text)


def first_moment(day: date) -> str:
    """Return the first moment of a UTC day, as stored."""
    return f"{day.isoformat()}T00:00:00.000000+00:00"


def last_moment(day: date) -> str:
    """Return the last moment of a UTC day, as stored."""
    return f"{day.isoformat()}T23:59:59.999999+00:00"


def day_text(day: date | None) -> str | None:
    """Write a day, or nothing."""
    return None if day is None else day.isoformat()


def day_of(text: str | None) -> date | None:
    """Read what `day_text` wrote. Raises ValueError."""
    return None if text is None else date.fromisoformat(text)
