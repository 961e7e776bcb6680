"""What the tour of the window says: five steps, fewer for who may do less."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.roles import Actor, Permission


@dataclass(frozen=True, slots=True)
class TourStep:
    """A few sentences about one part of the window, `at`."""

    title: str
    text: str
    at: QWidget


@dataclass(frozen=True, slots=True)
class TourPlaces:
    """The parts of the window that the tour points at."""

    screen: QWidget
    status: QWidget
    history: QWidget
    menu: QWidget


def steps_for(actor: Actor, places: TourPlaces, key: Callable[[str], str]) -> tuple[TourStep, ...]:
    """Return the steps for this person; `key` gives the key of today by its lasting name."""
    steps = []
    if actor.may(Permission.IMPORT):
        steps.append(TourStep(_tr("Open films"), _opening(key), places.screen))
    if actor.may(Permission.RUN):
        steps.append(TourStep(_tr("Run the model"), _running(actor, key), places.status))
    if actor.may(Permission.IMPORT):
        steps.append(TourStep(_tr("Look at a film"), _looking(key), places.screen))
    kept = _tr(
        "Every exam is kept with its film and its answer. Look for it, open it again and print"
        " its report in History."
    )
    steps.append(TourStep(_tr("Find it again"), kept, places.history))
    steps.append(TourStep(_tr("Lock, keys and help"), _helping(), places.menu))
    return tuple(steps)


def _opening(key: Callable[[str], str]) -> str:
    return _tr(
        "Drop films, a folder, a disc or a ZIP archive anywhere on this screen, or press {open}."
        " More than one film makes a list on the left; {next} and {previous} go through it."
    ).format(open=key("read.open_files"), next=key("read.next"), previous=key("read.previous"))


def _running(actor: Actor, key: Callable[[str], str]) -> str:
    parts = [
        _tr(
            "{run} runs the model on the film. The line below says whether the model is ready, and"
            " what it runs on. An answer is stored before it is shown."
        ).format(run=key("read.run"))
    ]
    if not actor.may(Permission.SEE_RESULT):
        parts.append(_tr("Your account does not show it."))
    elif actor.reviews:
        first = _tr("Your own reading comes first:") if actor.reads_first else _tr("Your reading:")
        keys = _tr("{normal} normal, {uncertain} uncertain, {abnormal} abnormal; {save} saves it.")
        named = {name: key(f"reading.choices.{name}") for name in _VERDICTS}
        parts.append(f"{first} {keys.format(save=key('reading.save'), **named)}")
    parts.append(_tr("Decision support; a qualified reader decides."))
    return " ".join(parts)


def _looking(key: Callable[[str], str]) -> str:
    return _tr(
        "Drag on the film: the left button changes contrast and brightness, the right one moves the"
        " film; the wheel zooms. {first} to {last} are windows for lungs, bone and more, {map} is"
        " the heat map, {length} measures. {reset} puts all back as it was opened."
    ).format(
        first=key("film.windows.presets.1"),
        last=key("film.windows.presets.7"),
        map=key("film.heat_map"),
        length=key("film.measures.length"),
        reset=key("film.reset"),
    )


def _helping() -> str:
    return _tr(
        "Lock the window with Ctrl+L when you leave. F1 opens the Help, Ctrl+F1 lists all keys and"
        " lets you choose your own. This tour stays in the menu."
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tour", text)


_VERDICTS = ("normal", "uncertain", "abnormal")
