"""Notices that nobody is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication

LOOK_EVERY_MS = 2000
SLEPT_S = 15.0  # by which real and awake seconds differ after a sleep
_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseMove,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletMove,
        QEvent.Type.DragMove,
    }
)


class IdleLock(QObject):
    """Emits `idle` once after `minutes` without key or mouse, and again only after `start`.

    `clock` gives seconds of real time, those of a suspended computer included, `awake` seconds
    without those: a laptop that was shut and is opened again is locked, however short it was.

    It listens at the windows, where keys and mouse arrive, not at the application: a filter there
    sees every event of every widget, which made each screen a third slower to build. A new window
    is found when it takes the focus, or within two seconds.
    """

    idle = Signal()

    def __init__(
        self,
        clock: Callable[[], float],
        awake: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._awake = awake
        self._asleep = 0.0  # how many real seconds were slept up to the start
        self.limit_s = 0.0  # after which `idle` is emitted
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._on_tick)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._on_tick)

    @property
    def is_running(self) -> bool:
        """Whether anybody is watched for."""
        return self._timer.isActive()

    def start(self, minutes: float) -> None:
        """Watch from now on."""
        self.limit_s = minutes * 60
        self._last = self._clock()
        self._asleep = self._clock() - self._awake()
        self.look_for_windows()
        self._timer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._timer.stop()
        for window in QGuiApplication.topLevelWindows():
            window.removeEventFilter(self)

    def look(self) -> None:
        """Compare the clock with the last sign of life, and look whether the computer slept."""
        if not self._timer.isActive():
            return
        asleep = self._clock() - self._awake()
        slept, self._asleep = asleep - self._asleep > SLEPT_S, asleep
        if slept or self._clock() - self._last >= self.limit_s:
            self.stop()
            self.idle.emit()

    def _on_tick(self) -> None:
        if self._timer.isActive():
            self.look_for_windows()
            self.look()

    def look_for_windows(self) -> None:
        """Listen at every window there is."""
        for window in QGuiApplication.topLevelWindows():
            window.installEventFilter(self)  # a second time changes nothing

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a sign of life; keep nothing from anybody."""
        del watched
        if event.type() in _SIGNS_OF_LIFE:
            self.look()  # a key that wakes a suspended computer must not hide the hours before it
            self._last = self._clock()
        return False
