"""What dragging on a film does, and with which mouse button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from PySide6.QtCore import Qt

from cxr_desktop.domain.measurement import MeasurementKind


class Tool(StrEnum):
    """What the left mouse button does."""

    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    LENGTH = "length"
    ANGLE = "angle"
    RATIO = "ratio"
    CALIBRATE = "calibrate"

    @property
    def measures(self) -> MeasurementKind | None:
        """What the tool draws; None for those that do not draw."""
        return _KINDS.get(self)


DRAGS = (Tool.WINDOW, Tool.PAN, Tool.ZOOM)
"""What any mouse button can do; measuring is for the left one."""


@dataclass(frozen=True, slots=True)
class MouseButtons:
    """What each button does when dragged on a film, as a person chose it; all are of `DRAGS`."""

    left: Tool = Tool.WINDOW
    right: Tool = Tool.PAN
    middle: Tool = Tool.PAN

    @classmethod
    def of(cls, chosen: Mapping[str, str]) -> MouseButtons:
        """Make them of stored choices; what is no such choice is as it came."""
        known = {tool.value: tool for tool in DRAGS}
        names = [field.name for field in fields(cls)]
        return cls(**{name: known[chosen[name]] for name in names if chosen.get(name) in known})

    def choices(self) -> dict[str, str]:
        """Return what differs from how the program comes, to be stored."""
        came = MouseButtons()
        names = [field.name for field in fields(self)]
        return {n: getattr(self, n).value for n in names if getattr(self, n) != getattr(came, n)}

    def task_of(self, button: Qt.MouseButton, tool: Tool) -> Tool | None:
        """Return what a button does while `tool` is what the left one does.

        Where the left button took the task of the right one, the right one does the left one's.
        """
        if button == Qt.MouseButton.LeftButton:
            return tool
        if button == Qt.MouseButton.RightButton:
            return self.left if tool is self.right else self.right
        return self.middle if button == Qt.MouseButton.MiddleButton else None


_KINDS = {
    Tool.LENGTH: MeasurementKind.LENGTH,
    Tool.ANGLE: MeasurementKind.ANGLE,
    Tool.RATIO: MeasurementKind.RATIO,
    Tool.CALIBRATE: MeasurementKind.CALIBRATION,
}
