"""Days of the hospital's clock as moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo


def midnight(day: date, zone: tzinfo | None = None) -> datetime:
    """Return, in UTC, when a day begins; `zone` None is this computer's clock."""
    start = datetime.combine(day, time.min)
    local = start.astimezone() if zone is None else start.replace(tzinfo=zone)
    return local.astimezone(UTC)
