"""What a person can do with a film on the screen: one list for tool bar, keys and menus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas, Tool

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class FilmActions:
    """The actions of one canvas. The number keys 1 to 9 stay free for window presets."""

    window_tool: QAction
    pan_tool: QAction
    fit: QAction
    actual_size: QAction
    zoom_in: QAction
    zoom_out: QAction
    invert: QAction
    reset_window: QAction
    text: QAction
    heat_map: QAction

    def all(self) -> tuple[QAction, ...]:
        """Return them in the order of the tool bar."""
        return (
            self.window_tool, self.pan_tool, self.fit, self.actual_size, self.zoom_in,
            self.zoom_out, self.invert, self.reset_window, self.text, self.heat_map,
        )  # fmt: skip

    def show_state(self, canvas: ImageCanvas) -> None:
        """Follow the canvas: what is on, and what there is to act on."""
        has_film = canvas.film is not None
        for action in self.all():
            action.setEnabled(has_film)
        self.heat_map.setEnabled(has_film and canvas.heat_map is not None)
        self.heat_map.setChecked(canvas.is_heat_map_visible)
        self.invert.setChecked(canvas.is_inverted)


def make_film_actions(canvas: ImageCanvas, owner: QObject) -> FilmActions:
    """Make the actions; their keys work wherever the caller adds them, with its children."""
    make = _Maker(owner)
    actions = FilmActions(
        window_tool=make.choice("contrast", translate("FilmActions", "Window by left drag"), "W"),
        pan_tool=make.choice("pan", translate("FilmActions", "Pan by left drag"), "M"),
        fit=make.act("fit", translate("FilmActions", "Fit the film"), ("F",), canvas.fit),
        actual_size=make.act(
            "actual-size", translate("FilmActions", "Film pixels 1:1"), ("P",), canvas.actual_size
        ),
        zoom_in=make.act(
            "zoom-in", translate("FilmActions", "Zoom in"), ("+", "="), canvas.zoom_in
        ),
        zoom_out=make.act(
            "zoom-out", translate("FilmActions", "Zoom out"), ("-",), canvas.zoom_out
        ),
        invert=make.switch("invert", translate("FilmActions", "Invert"), "I", canvas.set_inverted),
        reset_window=make.act(
            "reset", translate("FilmActions", "Reset the window"), ("R",), canvas.reset_window
        ),
        text=make.switch(
            "info", translate("FilmActions", "Text on the film"), "O", canvas.set_corners_visible
        ),
        heat_map=make.switch(
            "map", translate("FilmActions", "Heat map"), "H", canvas.set_heat_map_visible
        ),
    )
    tools = QActionGroup(owner)
    for action, tool in ((actions.window_tool, Tool.WINDOW), (actions.pan_tool, Tool.PAN)):
        tools.addAction(action)
        action.triggered.connect(lambda *_, tool=tool: setattr(canvas, "tool", tool))
    actions.window_tool.setChecked(True)
    actions.text.setChecked(True)
    canvas.view_changed.connect(lambda: actions.show_state(canvas))
    actions.show_state(canvas)
    return actions


class _Maker:
    def __init__(self, owner: QObject) -> None:
        self._owner = owner

    def act(self, icon: str, text: str, keys: tuple[str, ...], do: Callable[[], None]) -> QAction:
        action = self._make(icon, text, keys)
        action.triggered.connect(do)
        return action

    def switch(self, icon: str, text: str, key: str, do: Callable[[bool], None]) -> QAction:
        action = self._make(icon, text, (key,))
        action.setCheckable(True)
        action.toggled.connect(do)
        return action

    def choice(self, icon: str, text: str, key: str) -> QAction:
        action = self._make(icon, text, (key,))
        action.setCheckable(True)
        return action

    def _make(self, icon: str, text: str, keys: tuple[str, ...]) -> QAction:
        action = QAction(icons.icon(icon, checked_colour=Palette.TEXT), text, self._owner)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({keys[0]})")
        return action
