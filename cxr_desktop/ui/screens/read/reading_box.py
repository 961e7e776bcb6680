"""The reader's own answer beside the model's: three choices, a text, and what was said before."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import READER_VERDICTS
from cxr_desktop.ui import icons
from cxr_desktop.ui.keymap import key_text, with_key
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.screens.read.opinion_list import OpinionList
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.screens.read.reading_actions import ReadingActions
from cxr_desktop.ui.widgets.agreement import review_line
from cxr_desktop.ui.widgets.phrases import PhraseButton
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.verdict_badge import look_of
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

TEXT_HEIGHT = 64


class ReadingBox(QFrame):
    """Shows an `OwnReading`; hidden for None. `typed` carries the text as it is typed."""

    typed = Signal(str)

    def __init__(self, actions: ReadingActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._actions = actions
        self.title = plain_label(role="caption")
        self._rule = plain_label(role="small", wrap=True)
        self.choices = {verdict: self._make_choice(verdict) for verdict in READER_VERDICTS}
        self._choosing = QWidget()
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(TEXT_HEIGHT)
        self.text.setAccessibleName(self.tr("Text of your reading"))
        self.text.textChanged.connect(lambda: self.typed.emit(self.text.toPlainText()))
        self.phrases = PhraseButton(self.text)
        self._exam = ""
        self.save = QPushButton()
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(actions.save.trigger)
        self.opinions = OpinionList(actions)
        self.said = WrappedLabel(role="small")
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()
        self.hide()

    def tab_order(self) -> tuple[QWidget, ...]:
        """Return what Tab goes through."""
        return (
            *self.choices.values(),
            *self.opinions.buttons.values(),
            self.text,
            self.phrases,
            self.save,
        )

    def render_state(self, state: OwnReading | None) -> None:
        """Show this reading, or nothing at all."""
        self._actions.show_state(state)
        self.setVisible(state is not None)
        if state is None:
            self.said.clear()
            self._set_text("")
            return
        if state.exam_id != self._exam:
            self._exam = state.exam_id
            self.phrases.refresh()
        first, has_own = state.comes_first, state.own is not None
        self.title.setText(self.tr("YOUR READING FIRST") if first else self.tr("YOUR READING"))
        self._rule.setVisible(first)
        self._choosing.setVisible(state.may_choose)
        for verdict, button in self.choices.items():
            with QSignalBlocker(button):
                button.setChecked(verdict is state.verdict)
            button.setText(_lines(look_of(verdict).word, self._actions.choices[verdict]))
        self._set_text(state.text)
        self.text.setReadOnly(state.is_saving)
        self.text.setPlaceholderText(
            with_key(
                self.tr("Addendum") if has_own else self.tr("What you see, if you like"),
                self._actions.write,
            )
        )
        self.save.setText(self._save_text(state))
        self.save.setEnabled(state.may_save)
        self.opinions.show_state(state)
        lines = ("\n".join(filter(None, (review_line(one), one.text))) for one in state.said)
        self.said.setText("\n\n".join(lines))
        self.said.setVisible(bool(state.said))

    def _save_text(self, state: OwnReading) -> str:
        if state.is_saving:
            return self.tr("Saving…")
        adds = state.own is not None and state.verdict is None
        words = self.tr("Save addendum") if adds else self.tr("Save my reading")
        return with_key(words, self._actions.save)

    def _set_text(self, text: str) -> None:
        if self.text.toPlainText() != text:
            with QSignalBlocker(self.text):
                self.text.setPlainText(text)

    def _make_choice(self, verdict: Verdict) -> QToolButton:
        look, action = look_of(verdict), self._actions.choices[verdict]
        button = QToolButton()
        button.setIcon(icons.icon(look.icon, look.colour))
        button.setIconSize(QSize(24, 24))
        button.setText(_lines(look.word, action))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(self.tr("Your reading: {0}").format(look.word))
        button.clicked.connect(action.trigger)
        action.triggered.connect(lambda: self._on_chosen(verdict))
        return button

    def _on_chosen(self, verdict: Verdict) -> None:
        """Follow the choice that was just made, or let go of."""
        self.phrases.follow(verdict if self.choices[verdict].isChecked() else None)

    def _lay_out(self) -> None:
        self._rule.setText(
            self.tr("Saved before the model's answer is shown, it cannot be changed afterwards.")
        )
        row = QHBoxLayout(self._choosing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HALF)
        for button in self.choices.values():
            row.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        column.setSpacing(Space.ONE)
        for part in (
            self.title, self._choosing, self.opinions, self.text, self.phrases, self.save,
            self._rule, self.said,
        ):  # fmt: skip
            column.addWidget(part)


def _lines(word: str, action: QAction) -> str:
    key = key_text(action)
    return f"{word}\n{key}" if key else word
