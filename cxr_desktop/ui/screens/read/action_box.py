"""The top of the column: Run, the progress of it, that it was stored, or why there is no answer."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.domain.errors import RefusalCode
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.negative import DOUBTFUL, is_turned
from cxr_desktop.domain.radiograph import Caution, Radiograph
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.ui import icons
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.palette import Palette, Size, Space
from cxr_desktop.ui.screens.read.refusal_text import meaning_of
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.plain_label import breakable, plain_label


class ActionBox(QWidget):
    """Shows one of: run, progress, stored, stopped."""

    run_asked = Signal()
    cancel_asked = Signal()
    retry_asked = Signal()
    again_asked = Signal()
    turn_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run = QPushButton(icons.icon("play", Palette.ON_ACCENT), self.tr("Run"))
        self.run.setProperty("kind", "primary")
        self.run.setToolTip(self.tr("Ask the model about this film (F5)"))
        self.run.clicked.connect(self.run_asked)
        self._hint = plain_label(
            self.tr("Fields that the file leaves empty can be filled in until the film is run."),
            role="small", wrap=True,
        )  # fmt: skip
        self._run_part = _column(self.run, self._hint)
        self.step = plain_label(role="strong", wrap=True)
        self.bar = BusyBar()
        self.cancel = QPushButton(icons.icon("stop"), self.tr("Cancel (Esc)"))
        self.cancel.clicked.connect(self.cancel_asked)
        self._progress_part = _column(self.step, self.bar, self.cancel)
        self.stored = plain_label(role="muted", wrap=True)
        self.again = QPushButton(icons.icon("reset"), self.tr("Run again"))
        self.again.setToolTip(self.tr("Ask the model once more; the answer of before stays"))
        self.again.clicked.connect(self.again_asked)
        self._stored_part = self._make_stored()
        self._stopped_icon = QLabel()
        self.stopped_title = plain_label(role="heading", wrap=True)
        self.stopped_text = plain_label(wrap=True)
        self.stopped_hint = plain_label(role="strong", wrap=True)
        self._stopped_meaning = plain_label(role="small", wrap=True)
        self.retry = QPushButton(icons.icon("reset"), self.tr("Try again"))
        self.retry.clicked.connect(self.retry_asked)
        self._stopped_part = self._make_stopped()
        self._parts = (
            self._run_part, self._progress_part, self._stored_part, self._stopped_part,
        )  # fmt: skip
        self.turn = QPushButton(icons.icon("invert"), "")
        self.turn.clicked.connect(self.turn_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.ONE)
        for part in (*self._parts, self.turn):
            column.addWidget(part)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Take no room."""
        self._show(None)

    def show_run(self, cautions: Sequence[Caution]) -> None:
        """Offer Run, and to exchange black and white of a film that looks like a negative."""
        self._show(self._run_part)
        self._offer_to_turn(cautions)

    def show_progress(self, step: str, fraction: float | None, *, cancelling: bool) -> None:
        """Say what is being done; without `fraction` the bar moves by itself."""
        text = self.tr("Cancelling…") if cancelling else _message(step)
        self.step.setText(text)
        if fraction is None:
            self.bar.set_busy(text)
        else:
            self.bar.set_fraction(text, fraction)
        self.cancel.setEnabled(not cancelling)
        self._show(self._progress_part)

    def show_stored(self, exam: ExamView, *, before: bool) -> None:
        """Say that the answer is in History; whose and since when, if it was there before."""
        told = self.tr("Answered before: {when}, {who}. Not run again.")
        told = told.format(when=local_minute(exam.time), who=exam.user)
        self.stored.setText(told if before else self.tr("Stored in History"))
        self.again.setVisible(before)
        self._show(self._stored_part)

    def show_refused(
        self, code: str, notice: Notice, film: Radiograph | None, *, may_run: bool
    ) -> None:
        """Say why there is no answer, what that means and what to do; `film` where it was read."""
        title = self.tr("Not run") if film is not None else self.tr("Not read")
        self._set_stopped(title, "verdict-refused", Palette.REFUSED, notice)
        meaning = meaning_of(code)
        nothing = self.tr("No answer was made and nothing was stored.")
        self._stopped_meaning.setText(f"{meaning} {nothing}".strip())
        self.retry.hide()
        if film is not None and may_run and code == RefusalCode.INVERTED:
            self._offer_to_turn(film.cautions, is_negative=True)

    def show_failed(self, notice: Notice) -> None:
        """Say what stood in the way, and offer another try."""
        if notice.kind == "info":
            self._set_stopped(self.tr("Not open"), "film", Palette.MUTED, notice)
            self._stopped_meaning.setText("")
        else:
            self._set_stopped(self.tr("Not done"), "error", Palette.DANGER, notice)
            self._stopped_meaning.setText(self.tr("No answer was stored. The film is unharmed."))
        self.retry.show()

    def _set_stopped(self, title: str, icon: str, colour: str, notice: Notice) -> None:
        ratio = self.devicePixelRatioF()
        self._stopped_icon.setPixmap(icons.pixmap(icon, colour, 28, scale=ratio))
        self.stopped_title.setText(title)
        self.stopped_text.setText(breakable(notice.text))
        self.stopped_hint.setText(breakable(notice.hint))
        self.stopped_hint.setVisible(bool(notice.hint))
        self._show(self._stopped_part)

    def _offer_to_turn(self, cautions: Sequence[Caution], *, is_negative: bool = False) -> None:
        """Show the button for a film that may be a negative, and for one that was turned."""
        back = is_turned(cautions)
        self.turn.setText(
            self.tr("As its file has it") if back else self.tr("Exchange black and white")
        )
        self.turn.setToolTip(
            self.tr("For display and model alike; the exam will say that it was done")
        )
        doubtful = is_negative or any(caution.code == DOUBTFUL for caution in cautions)
        self.turn.setVisible(back or doubtful)

    def _make_stored(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("tick", Palette.NORMAL, Size.ICON, scale=2.0))
        row.addWidget(mark)
        row.addWidget(self.stored, 1)
        return _column(head, self.again)

    def _make_stopped(self) -> QFrame:
        part = QFrame()
        part.setProperty("role", "card")
        column = QVBoxLayout(part)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.setSpacing(Space.ONE)
        head = QHBoxLayout()
        head.addWidget(self._stopped_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.stopped_title, 1)
        column.addLayout(head)
        for label in (self.stopped_text, self.stopped_hint, self._stopped_meaning, self.retry):
            column.addWidget(label)
        return part

    def _show(self, shown: QWidget | None) -> None:
        for part in self._parts:
            part.setVisible(part is shown)
        self.turn.hide()
        self.setVisible(shown is not None)


def _message(step: str) -> str:
    return QCoreApplication.translate("Messages", step) if step else ""


def _column(*widgets: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.ONE)
    for widget in widgets:
        column.addWidget(widget)
    return part
