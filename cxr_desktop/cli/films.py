"""What `classify` and `batch` share: the list of films, the model, the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.bootstrap import Engine
from cxr_desktop.cli.film_line import FilmLine
from cxr_desktop.cli.terminal import Terminal
from cxr_desktop.domain.errors import InvalidRequest


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


def summary(lines: Sequence[FilmLine], total: int, *, verb: str = "classified") -> str:
    """Say how many films were done, and how many were refused for which reason."""
    reasons = Counter(line.refusal.code for line in lines if line.refusal is not None)
    refused = reasons.total()
    text = f"{len(lines) - refused} {verb}, {refused} refused"
    if reasons:
        told = ", ".join(
            f"{count} {code.replace('_', ' ')}" for code, count in reasons.most_common()
        )
        text += f" ({told})"
    left = total - len(lines)
    return f"{text}, {left} not looked at." if left else f"{text}."
