"""What `classify` and `batch` share: the list of films, the model, the sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cxr_desktop.bootstrap import Engine
from cxr_desktop.cli.terminal import Terminal
from cxr_desktop.domain.errors import InvalidRequest


def films_to_read(engine: Engine, paths: Sequence[Path]) -> list[Path]:
    """List the films among files and folders. Raises `InvalidRequest` when there is none."""
    films = list(engine.find_films(paths))
    if not films:
        raise InvalidRequest(
            "There is no film here.",
            hint="Name a film, or a folder that holds PNG, JPEG, TIFF or DICOM files.",
        )
    return films


def load_model(engine: Engine, terminal: Terminal) -> None:
    """Load the model before the first film, and say when it runs on another device than asked.

    Raises `ModelUnavailable`.
    """
    classifier = engine.assess.classifier()
    if classifier.notice:
        terminal.say(classifier.notice)


def summary(done: Mapping[str, int], total: int, *, verb: str = "classified") -> str:
    """Say how many films were done: `done` counts by status."""
    classified, refused = done.get("classified", 0), done.get("refused", 0)
    text = f"{classified} {verb}, {refused} refused"
    left = total - classified - refused
    return f"{text}, {left} not looked at." if left else f"{text}."
