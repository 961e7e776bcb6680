"""Below the open exam: what readers said of it, and one's own answer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import READER_VERDICTS, REVIEW_TEXT_LIMIT
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.history.state import ReviewState
from cxr_desktop.ui.widgets.agreement import review_line, signature_line
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.phrases import PhraseButton
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.verdict_badge import look_of
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

TEXT_HEIGHT = 52
SAID_HEIGHT = 76
DRAFTS = 50
"""How many unsaved answers are kept while a person looks at other exams."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen or typed of an exam's film, and is not saved."""

    film: str
    verdict: Verdict | None
    text: str

    def __bool__(self) -> bool:
        """Whether it is anything."""
        return self.verdict is not None or bool(self.text.strip())


class ReviewStrip(QFrame):
    """Shows a `ReviewState`; `save_asked` carries verdict (None: an addendum) and text.

    Hidden for None.

    What was chosen or typed and not saved comes back with its exam, until `forget`.
    """

    save_asked = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._exam_id = self._film = ""
        self._count = -1
        self._adds_only = False
        self._drafts: dict[str, Draft] = {}
        self.choices: dict[Verdict, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.text = self._make_text()
        self.phrases = PhraseButton(self.text)
        self.save = QPushButton(self.tr("Save review"))
        self.save.setProperty("kind", "primary")
        self.save.setMinimumWidth(128)
        self.save.setToolTip(self.tr("Keep this answer beside the model's (Ctrl+Return)"))
        self.save.setShortcut("Ctrl+Return")
        self.save.clicked.connect(self._on_save)
        self.sign = QPushButton(self.tr("Sign report…"))
        self.notice = NoticeBar(dismissable=False)
        self.said = WrappedLabel()
        self._said_area = self._make_said_area()
        self._writing = QWidget()
        self._lay_out()
        self.hide()

    def render_state(self, state: ReviewState | None) -> None:
        """Show one state."""
        self.setVisible(state is not None)
        if state is None:
            self._turn_to("", "")
            self.said.clear()
            self._count = -1
            self.notice.show_notice(None)
            return
        if state.exam_id != self._exam_id:
            self.phrases.refresh()
        self._turn_to(state.exam_id, state.film)
        self._writing.setVisible(state.may_write)
        self._writing.setEnabled(not state.saving)
        self.notice.show_notice(state.notice)
        self._adds_only = state.adds_only
        for button in self.choices.values():
            button.setVisible(not state.adds_only)
        offered = state.may_sign and bool(state.reviews) and not state.is_signed
        self.sign.setVisible(offered)
        adds = state.adds_only
        self.save.setText(self.tr("Save addendum") if adds else self.tr("Save review"))
        self.text.setPlaceholderText(
            self.tr("Addendum") if adds else self.tr("What you see (optional)")
        )
        reviews = state.reviews
        if reviews is not None:
            if 0 <= self._count < len(reviews):
                self._clear_answer()
            self._count = len(reviews)
        self._show_said(state)
        self._show_whether_complete()

    def forget(self) -> None:
        """Keep nothing that was typed."""
        self._drafts.clear()
        self._clear_answer()

    def unsaved(self) -> list[str]:
        """Return the films whose answer is neither saved nor being saved."""
        here = [self._draft()] if self._exam_id and self._writing.isEnabledTo(self) else []
        return [draft.film for draft in (*self._drafts.values(), *here) if draft]

    def chosen(self) -> Verdict | None:
        """Return the verdict that is chosen."""
        return next((v for v, button in self.choices.items() if button.isChecked()), None)

    def _draft(self) -> Draft:
        return Draft(self._film, self.chosen(), self.text.toPlainText())

    def _turn_to(self, exam_id: str, film: str) -> None:
        if exam_id == self._exam_id:
            return
        draft = self._draft()
        if self._exam_id and draft:
            self._drafts[self._exam_id] = draft
            while len(self._drafts) > DRAFTS:
                del self._drafts[next(iter(self._drafts))]
        self._exam_id, self._film, self._count = exam_id, film, -1
        self._clear_answer()
        kept = self._drafts.pop(exam_id, None)
        if kept is not None:
            self.text.setPlainText(kept.text)
            if kept.verdict is not None:
                self.choices[kept.verdict].setChecked(True)

    def _clear_answer(self) -> None:
        for button in self.choices.values():
            with QSignalBlocker(button):
                button.setChecked(False)
        self.text.clear()
        self._show_whether_complete()

    def _show_said(self, state: ReviewState) -> None:
        reviews = state.reviews
        if state.comes_first:
            self.said.setText(
                self.tr(
                    "Your own reading comes first; then the model's answer is shown. It cannot be"
                    " changed afterwards."
                )
            )
        elif reviews is None:
            self.said.setText(self.tr("Fetching the reviews…"))
        elif not reviews:
            self.said.setText(self.tr("No reader has reviewed this exam yet."))
        else:
            lines = [
                "\n".join(part for part in (review_line(review), review.text) if part)
                for review in reviews
            ]
            earlier = self.tr("Earlier:")
            said = f"\n{earlier} ".join(lines)
            signed = signature_line(state.report)
            self.said.setText(f"{signed}\n{said}" if signed else said)

    def _show_whether_complete(self) -> None:
        draft = self._draft()
        complete = bool(draft.text.strip()) if self._adds_only else draft.verdict is not None
        self.save.setEnabled(complete and len(draft.text) <= REVIEW_TEXT_LIMIT)
        self.sign.setEnabled(not draft)
        self.sign.setToolTip(
            self.tr("Save or clear what you began to write first")
            if draft
            else self.tr("Answer for this report with your name; it cannot be changed afterwards")
        )

    def _on_chosen(self, verdict: Verdict) -> None:
        """Let go of the other two; a second click lets go of this one."""
        for other, button in self.choices.items():
            if other is not verdict:
                with QSignalBlocker(button):
                    button.setChecked(False)
        self.phrases.follow(self.chosen())
        self._show_whether_complete()

    def _on_save(self) -> None:
        verdict = None if self._adds_only else self.chosen()
        if verdict is not None or self._adds_only:
            self.save_asked.emit(verdict, self.text.toPlainText())

    def _make_text(self) -> QPlainTextEdit:
        box = QPlainTextEdit()
        box.setAccessibleName(self.tr("Text of your review"))
        box.setTabChangesFocus(True)
        box.setFixedHeight(TEXT_HEIGHT)
        box.textChanged.connect(self._show_whether_complete)
        return box

    def _make_choice(self, verdict: Verdict) -> QToolButton:
        look = look_of(verdict)
        button = QToolButton()
        button.setText(look.word)
        button.setIcon(icon(look.icon, look.colour))
        button.setIconSize(QSize(20, 20))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(self.tr("Your answer: {0}").format(look.word))
        button.toggled.connect(lambda _on: self._on_chosen(verdict))
        return button

    def _make_said_area(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFixedHeight(SAID_HEIGHT)
        area.setAccessibleName(self.tr("Reviews of this exam"))
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        area.setWidget(self.said)
        return area

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.HALF)
        for verdict in READER_VERDICTS:
            self.choices[verdict] = self._make_choice(verdict)
            self._group.addButton(self.choices[verdict])
            buttons.addWidget(self.choices[verdict])
        buttons.addStretch(1)
        buttons.addWidget(self.phrases)
        buttons.addWidget(self.save)
        write = QVBoxLayout(self._writing)
        write.setContentsMargins(0, 0, 0, 0)
        write.setSpacing(Space.HALF)
        write.addLayout(buttons)
        write.addWidget(self.text)
        self._writing.setMinimumWidth(560)
        words = QVBoxLayout()
        words.setSpacing(Space.HALF)
        head = QHBoxLayout()
        head.addWidget(plain_label(self.tr("REVIEW BY A READER"), role="caption"), 1)
        head.addWidget(self.sign)
        words.addLayout(head)
        words.addWidget(self._said_area, 1)
        row = QHBoxLayout()
        row.setSpacing(Space.TWO)
        row.addLayout(words, 1)
        row.addWidget(self._writing, 1)
        page = QVBoxLayout(self)
        page.setContentsMargins(Space.TWO, Space.ONE, Space.TWO, Space.ONE)
        page.setSpacing(Space.HALF)
        page.addWidget(self.notice)
        page.addLayout(row)
