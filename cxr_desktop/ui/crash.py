"""The last border: what nobody caught is logged under an id and shown as one sentence."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QMessageBox, QWidget

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.jobs import bug_error

_log = logging.getLogger(__name__)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

_HARMLESS = "QBasicTimer::start: current thread's event dispatcher has already been destroyed"
"""A page that is written in a thread would go on being laid out by a timer, which a thread has not.

Nothing is missing: `page.lay_out` asks for its height, and so has it laid out whole at once. One
page says it six times; a thousand would push all else out of the log.
"""


class CrashHook(QObject):
    """Takes over `sys.excepthook` and its like from `install` to `remove`.

    One message at a time: what fails while it is open is only logged.
    """

    _caught = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._window = parent
        self._open: QMessageBox | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._caught.connect(self._on_caught)

    def install(self) -> None:
        """Begin."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        qInstallMessageHandler(_on_qt_message)

    def remove(self) -> None:
        """Give back what was there before."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(None)

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType | None,
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        self._caught.emit(bug_error(error))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._caught.emit(bug_error(args.exc_value))

    @Slot(object)
    def _on_caught(self, error: UserError) -> None:
        if self._open is not None:
            return
        box = QMessageBox(self._window)
        self._open = box
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle("CXR Desktop")
        box.setText(error.message)
        box.setInformativeText(error.hint)
        box.finished.connect(self._on_closed)
        box.open()

    def _on_closed(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
            self._open = None


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    del context
    if text == _HARMLESS:
        return
    _log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
