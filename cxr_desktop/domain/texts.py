"""Texts as people read them: what was typed as one line, moments on this clock, digits."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo
from decimal import Decimal


def one_line(typed: str) -> str:
    """Return what was typed as one line of visible characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in typed).split())


def local_minute(time: datetime, zone: tzinfo | None = None) -> str:
    """Write an aware moment as “2026-03-01 14:05” on a clock of `zone`; None: this computer's."""
    return time.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def three_digits(value: float) -> str:
    """Write a number from 0 to 1 with three digits that count, never as a power of ten."""
    return f"{Decimal(f'{value:.3g}'):f}"


def pause_words(seconds: float) -> str:
    """Say how long somebody must wait: in seconds below a minute and a half, else in minutes."""
    few = seconds < 90
    number, unit = math.ceil(seconds if few else seconds / 60), "second" if few else "minute"
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
