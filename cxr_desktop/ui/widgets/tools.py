"""What dragging on a film does."""

from __future__ import annotations

from enum import StrEnum

from cxr_desktop.domain.measurement import MeasurementKind


class Tool(StrEnum):
    """What the left mouse button does."""

    WINDOW = "window"
    PAN = "pan"
    LENGTH = "length"
    ANGLE = "angle"
    RATIO = "ratio"
    CALIBRATE = "calibrate"

    @property
    def measures(self) -> MeasurementKind | None:
        """What the tool draws; None for those that do not draw."""
        return _KINDS.get(self)


_KINDS = {
    Tool.LENGTH: MeasurementKind.LENGTH,
    Tool.ANGLE: MeasurementKind.ANGLE,
    Tool.RATIO: MeasurementKind.RATIO,
    Tool.CALIBRATE: MeasurementKind.CALIBRATION,
}
