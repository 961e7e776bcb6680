"""What a person can do with a film on the screen: one list for tool bar, keys and menus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.widgets.action_maker import ActionMaker
from cxr_desktop.ui.widgets.contour_actions import ContourActions, make_contour_actions
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.measure_actions import MeasureActions, make_measure_actions
from cxr_desktop.ui.widgets.next_screen import move_to_next_screen
from cxr_desktop.ui.widgets.tools import Tool
from cxr_desktop.ui.widgets.turn_actions import TurnActions, make_turn_actions
from cxr_desktop.ui.widgets.window_actions import WindowActions, make_window_actions

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class FilmActions:
    """The actions of one canvas; `windows` and `turns` have menus of their own."""

    window_tool: QAction
    pan_tool: QAction
    zoom_tool: QAction
    fit: QAction
    actual_size: QAction
    true_size: QAction
    zoom_in: QAction
    zoom_out: QAction
    full_screen: QAction
    next_screen: QAction
    invert: QAction
    reset: QAction
    text: QAction
    heat_map: QAction
    contour: ContourActions
    windows: WindowActions
    turns: TurnActions
    measures: MeasureActions

    def all(self) -> tuple[QAction, ...]:
        """Return every action; add them to the widget in which their keys shall work."""
        return (
            self.window_tool, self.pan_tool, self.zoom_tool, self.fit, self.actual_size,
            self.true_size, self.zoom_in, self.zoom_out, self.full_screen, self.next_screen,
            *self.windows.all(), self.invert, *self.turns.all(), *self.measures.all(), self.reset,
            self.text, self.heat_map, *self.contour.all(),
        )  # fmt: skip

    def show_state(self, canvas: ImageCanvas) -> None:
        """Follow the canvas: what is on, and what there is to act on."""
        has_film = canvas.film is not None
        for action in self.all():
            action.setEnabled(has_film or action in (self.full_screen, self.next_screen))
        self.heat_map.setEnabled(has_film and canvas.heat_map is not None)
        self.heat_map.setChecked(canvas.is_heat_map_visible)
        self.contour.show_state(canvas.contour, has_map=self.heat_map.isEnabled())
        self.invert.setChecked(canvas.is_inverted)
        self.true_size.setEnabled(canvas.true_zoom is not None)
        self.windows.show_state(canvas)
        self.turns.show_state(canvas)

    def tools(self) -> dict[Tool, QAction]:
        """Return the actions that choose what the left button does."""
        drags = {
            Tool.WINDOW: self.window_tool, Tool.PAN: self.pan_tool, Tool.ZOOM: self.zoom_tool,
        }  # fmt: skip
        return drags | self.measures.tools()


def make_film_actions(canvas: ImageCanvas, owner: QWidget) -> FilmActions:
    """Make the actions; their keys work wherever the caller adds them, with its children."""
    make = ActionMaker(owner)
    actions = FilmActions(
        window_tool=make.choice("contrast", translate("FilmActions", "Window by left drag"), "W"),
        pan_tool=make.choice("pan", translate("FilmActions", "Pan by left drag"), "M"),
        zoom_tool=make.choice("", translate("FilmActions", "Zoom by left drag"), ""),
        fit=make.act("fit", translate("FilmActions", "Fit the film"), ("F",), canvas.fit),
        actual_size=make.act(
            "actual-size", translate("FilmActions", "Film pixels 1:1"), ("P",), canvas.actual_size
        ),
        true_size=make.act(
            "", translate("FilmActions", "True size"), ("Shift+P",), canvas.true_size
        ),
        zoom_in=make.act(
            "zoom-in", translate("FilmActions", "Zoom in"), ("+", "="), canvas.zoom_in
        ),
        zoom_out=make.act(
            "zoom-out", translate("FilmActions", "Zoom out"), ("-",), canvas.zoom_out
        ),
        full_screen=make.act(
            "",
            translate("FilmActions", "Full screen and back"),
            ("F11",),
            lambda: _turn_full_screen(owner.window()),
        ),
        next_screen=make.act(
            "",
            translate("FilmActions", "Window to the next screen"),
            ("Shift+F11",),
            lambda: move_to_next_screen(owner.window()),
        ),
        invert=make.switch("invert", translate("FilmActions", "Invert"), "I", canvas.set_inverted),
        reset=make.act(
            "", translate("FilmActions", "Everything as it was opened"), ("0",), canvas.reset
        ),
        text=make.switch(
            "info", translate("FilmActions", "Text on the film"), "O", canvas.set_corners_visible
        ),
        heat_map=make.switch(
            "map", translate("FilmActions", "Heat map"), "H", canvas.set_heat_map_visible
        ),
        contour=make_contour_actions(canvas.contour, owner),
        windows=make_window_actions(canvas, owner),
        turns=make_turn_actions(canvas, owner),
        measures=make_measure_actions(canvas, owner),
    )
    group = QActionGroup(owner)
    for tool, action in actions.tools().items():
        group.addAction(action)
        action.triggered.connect(lambda *_, tool=tool: setattr(canvas, "tool", tool))
    canvas.tool_changed.connect(lambda: actions.tools()[canvas.tool].setChecked(True))
    actions.window_tool.setChecked(True)
    actions.text.setChecked(True)
    canvas.view_changed.connect(lambda: actions.show_state(canvas))
    canvas.contour.changed.connect(lambda: actions.show_state(canvas))
    actions.show_state(canvas)
    return actions


def _turn_full_screen(window: QWidget) -> None:
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
