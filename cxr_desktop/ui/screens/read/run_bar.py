"""How far a run of many films is, with Pause and Cancel, in a bar above the films."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.bulk_run import BulkRun
from cxr_desktop.ui.screens.read.state import BulkState
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.plain_label import plain_label


class RunBar(QFrame):
    """Hidden without a `BulkState`."""

    def __init__(self, bulk: BulkRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._bulk = bulk
        self._is_paused = False
        self.text = plain_label(role="strong")
        self.bar = BusyBar()
        self.pause = QPushButton()
        self.pause.clicked.connect(self._on_pause)
        self.cancel = QPushButton(icons.icon("stop"), self.tr("Cancel"))
        self.cancel.clicked.connect(bulk.cancel)
        row = QHBoxLayout()
        row.setSpacing(Space.ONE)
        row.addWidget(self.text, 1)
        row.addWidget(self.pause)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TWO, Space.ONE, Space.TWO, Space.ONE)
        column.setSpacing(Space.HALF)
        column.addLayout(row)
        column.addWidget(self.bar)
        self.hide()

    def show_run(self, state: BulkState | None) -> None:
        """Say how far it is, or take no room."""
        self.setVisible(state is not None)
        if state is None:
            return
        self._is_paused = state.is_paused
        self.text.setText(self._words(state))
        self.bar.set_fraction(self.text.text(), state.done / max(state.total, 1))
        words = self.tr("Go on") if state.is_paused else self.tr("Pause")
        self.pause.setText(words)
        self.pause.setIcon(icons.icon("play" if state.is_paused else "pause"))
        self.pause.setEnabled(state.is_paused or not state.is_stopping)
        self.cancel.setEnabled(state.is_paused or not state.is_stopping)

    def _words(self, state: BulkState) -> str:
        count = self.tr("{done} of {total} films").format(
            done=f"{state.done:,}", total=f"{state.total:,}"
        )
        parts = [count]
        if state.refused:
            parts.append(self.tr("{count} refused").format(count=f"{state.refused:,}"))
        if state.is_paused:
            parts.append(self.tr("pausing…") if state.is_stopping else self.tr("paused"))
        elif state.is_stopping:
            parts.append(self.tr("stopping…"))
        elif state.pace:
            parts.append(state.pace)
        return ", ".join(parts)

    def _on_pause(self) -> None:
        if self._is_paused:
            self._bulk.resume()
        else:
            self._bulk.pause()
