"""A thin bar that moves while something is being done."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

BAR_HEIGHT = 6
STEPS = 1000


class BusyBar(QProgressBar):
    """Keeps its room when idle, so that nothing jumps. Moves by itself, or shows a fraction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextVisible(False)
        self.setFixedHeight(BAR_HEIGHT)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.set_idle()

    def set_busy(self, what: str) -> None:
        """Move, without saying how far; `what` is for screen readers."""
        self.setAccessibleName(what)
        self.setRange(0, 0)
        self.show()

    def set_fraction(self, what: str, fraction: float) -> None:
        """Show how much is done, 0..1."""
        self.setAccessibleName(what)
        self.setRange(0, STEPS)
        # QProgressBar.setValue paints at once, and with it all else that is to be painted.
        self.setUpdatesEnabled(False)
        self.setValue(round(min(max(fraction, 0.0), 1.0) * STEPS))
        self.setUpdatesEnabled(True)
        self.show()

    def set_idle(self) -> None:
        """Show nothing."""
        self.setRange(0, STEPS)
        self.setValue(0)
        self.hide()
