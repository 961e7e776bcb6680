"""What `classify` and `batch` share: the list of films, the model, the sums."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.cli.terminal import Terminal
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.outcome import RunTally, reason_words
from cxr_desktop.wiring.engine import Engine


def films_to_read(engine: Engine, paths: Sequence[Path]) -> list[Path]:
    """List the films among files and folders. Raises `InvalidRequest` when there is none."""
    films = list(engine.find_films(paths))
    if not films:
        raise InvalidRequest(
            "There is no film here.",
            hint="Name a film, or a folder or ZIP that holds PNG, JPEG, TIFF or DICOM files.",
        )
    return films


def load_model(engine: Engine, terminal: Terminal) -> None:
    """Load the model before the first film, and say when it runs on another device than asked.

    Raises `ModelUnavailable`.
    """
    classifier = engine.assess.classifier()
    if classifier.notice:
        terminal.say(classifier.notice)


def summary(tally: RunTally, total: int, *, verb: str = "classified") -> str:
    """Say how many films were done, and how many were refused for which reason."""
    sums = tally.sums(total)
    text = f"{sums.classified} {verb}, {sums.refused} refused"
    if sums.reasons:
        told = ", ".join(f"{count} {reason_words(code)}" for code, count in sums.reasons)
        text += f" ({told})"
    if sums.stored_before:
        text += f", {sums.stored_before} in the History already"
    left = sums.not_looked_at
    return f"{text}, {left} not looked at." if left else f"{text}."
