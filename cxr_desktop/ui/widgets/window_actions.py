"""Grey windows by number key, by the film's own names, and by exact figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cxr_desktop.domain.radiograph import Window
from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.window_dialog import WindowDialog
from cxr_desktop.ui.widgets.window_presets import Preset, own_presets

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class WindowActions:
    """The seven presets (keys 1 to 7), the film's own first two (8 and 9), exact entry, a menu."""

    presets: tuple[QAction, ...]
    own: tuple[QAction, ...]
    exact: QAction
    reset: QAction
    menu: QMenu

    def all(self) -> tuple[QAction, ...]:
        """Return those that have keys."""
        return (*self.presets, *self.own, self.exact, self.reset)

    def show_state(self, view: FilmView) -> None:
        """Offer the film's own windows where its file brings any."""
        count = len(view.film.windows) if view.film is not None else 0
        for place, action in enumerate(self.own):
            action.setEnabled(place < count)


def make_window_actions(view: FilmView, owner: QWidget) -> WindowActions:
    """Make the actions of one film widget."""
    make = ActionMaker(owner)
    dialog = WindowDialog(view, owner)
    names = (
        translate("WindowActions", "Window: default"),
        translate("WindowActions", "Window: lungs"),
        translate("WindowActions", "Window: mediastinum, behind the heart"),
        translate("WindowActions", "Window: bone"),
        translate("WindowActions", "Window: lines and tubes"),
        translate("WindowActions", "Window: soft"),
        translate("WindowActions", "Window: whole range"),
    )
    presets = tuple(
        make.act("", name, (str(number),), _user(view, number))
        for number, name in enumerate(names, 1)
    )
    own = tuple(
        make.act("", name, (str(len(names) + place),), _own_of(view, place))
        for place, name in enumerate(
            (
                translate("WindowActions", "Window: the film's first"),
                translate("WindowActions", "Window: the film's second"),
            ),
            1,
        )
    )
    exact = make.act(
        "edit", translate("WindowActions", "Exact window…"), ("L",), dialog.show_window
    )
    reset = make.act(
        "reset", translate("WindowActions", "Reset the window"), ("R",), view.reset_window
    )
    menu = QMenu(translate("WindowActions", "Grey window"), owner)
    menu.aboutToShow.connect(lambda: _fill(menu, view, (*presets, exact, reset)))
    return WindowActions(presets, own, exact, reset, menu)


def _user(view: FilmView, number: int) -> Callable[[], None]:
    return lambda: view.use_preset(number)


def _own_of(view: FilmView, place: int) -> Callable[[], None]:
    """Use the film's own window of that place, 1 for the first."""

    def use() -> None:
        presets = own_presets(view.film) if view.film is not None else ()
        if place <= len(presets):
            _own_user(view, presets[place - 1])()

    return use


def _fill(menu: QMenu, view: FilmView, fixed: tuple[QAction, ...]) -> None:
    """Fill the menu anew for the film shown."""
    for action in menu.actions():
        menu.removeAction(action)
        if action not in fixed:
            action.deleteLater()
    presets, others = fixed[:-2], fixed[-2:]
    menu.addActions(presets)
    own = own_presets(view.film) if view.film is not None else ()
    if own:
        menu.addSeparator()
    for preset in own:
        # An ampersand in a film's name is an ampersand, not a mnemonic.
        action = menu.addAction(preset.name.replace("&", "&&"))
        action.triggered.connect(_own_user(view, preset))
    menu.addSeparator()
    menu.addActions(others)


def _own_user(view: FilmView, preset: Preset) -> Callable[[], None]:
    window = Window(preset.window.centre, preset.window.width, preset.name)
    return lambda *_: view.use_window(window)
