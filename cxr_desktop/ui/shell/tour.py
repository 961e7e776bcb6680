"""The tour of the window: one card after the other beside what it tells of, the rest dimmed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.shell.tour_steps import TourStep
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

CARD_WIDTH = 400
DIMMED = QColor(0, 0, 0, 150)
PASSED = ("Ctrl+L", "Ctrl+Shift+Q")  # lock and sign out work at any time


class Tour(QWidget):
    """Lies over `window` until it is over. `ended` follows the last step, Skip or Esc.

    Mouse and keys stay here; Enter presses the button that has the focus, at first Next.
    """

    ended = Signal()

    def __init__(self, steps: Sequence[TourStep], window: QWidget) -> None:
        super().__init__(window)
        self._steps = steps
        self._window = window
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.card = QFrame(self)
        self.card.setProperty("role", "card")
        self.card.setFixedWidth(CARD_WIDTH)
        self._count = plain_label(role="small")
        self._title = plain_label(role="heading")
        self._text = WrappedLabel()
        self.skip = QPushButton(self.tr("&Skip the tour"))
        self.back = QPushButton(self.tr("&Back"))
        self.next = QPushButton()
        self.next.setProperty("kind", "primary")
        self.skip.clicked.connect(self.ended)
        self.back.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))
        self._lay_out()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self._show_step()

    @property
    def step(self) -> TourStep:
        """The step that is shown."""
        return self._steps[self._at]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Keep keys from what is dimmed, but for those of lock and sign out."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if QKeySequence(event.keyCombination()).toString() not in PASSED:
                event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press a button, or end."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.ended.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                pressed = self.focusWidget()
                (pressed if isinstance(pressed, QPushButton) else self.next).click()
            case _:
                event.accept()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go round the buttons of the card."""
        order = [button for button in (self.next, self.skip, self.back) if button.isEnabled()]
        at = next((n for n, button in enumerate(order) if button.hasFocus()), -1)
        order[(at + (1 if forward else -1)) % len(order)].setFocus()
        return True

    def paintEvent(self, _: QPaintEvent) -> None:
        """Dim all but what the step is about."""
        painter = QPainter(self)
        place = self._place_of_step()
        painter.setClipRegion(QRegion(self.rect()) - QRegion(place))
        painter.fillRect(self.rect(), DIMMED)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(Palette.ACCENT), 2))
        painter.drawRect(place.adjusted(1, 1, -1, -1))

    def _go(self, by: int) -> None:
        if self._at + by == len(self._steps):
            self.ended.emit()
            return
        self._at += by
        self._show_step()

    def _show_step(self) -> None:
        last = self._at == len(self._steps) - 1
        count = self.tr("Step {at} of {all}")
        self._count.setText(count.format(at=self._at + 1, all=len(self._steps)))
        self._title.setText(self.step.title)
        self._text.setText(self.step.text)
        self.next.setText(self.tr("&Done") if last else self.tr("&Next"))
        self.back.setEnabled(self._at > 0)
        self.card.setAccessibleName(f"{self.step.title}. {self.step.text}")
        self.next.setFocus()
        self._place()

    def _place_of_step(self) -> QRect:
        at = self.step.at
        corner = at.mapTo(self._window, QPoint(0, 0))
        return QRect(corner, at.size()).intersected(self.rect())

    def _place(self) -> None:
        """Put the card beside what it tells of where there is room, else low inside."""
        self.card.adjustSize()
        place, card = self._place_of_step(), self.card.rect()
        room = self.rect().adjusted(Space.TWO, Space.TWO, -Space.TWO, -Space.TWO)
        inside = QRect(card)
        inside.moveCenter(place.center())
        beside, above = QRect(inside), QRect(inside)
        beside.moveLeft(place.right() + Space.TWO)
        above.moveBottom(place.top() - Space.TWO)
        inside.moveBottom(place.bottom() - Space.TWO)
        for wanted in (beside, above, inside):
            self.card.move(_within(wanted, room).topLeft())
            if not self.card.geometry().intersects(place):
                break
        self.update()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self.card)
        column.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        for part in (self._count, self._title, self._text):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        column.addSpacing(Space.ONE)
        column.addLayout(row)


def _within(card: QRect, room: QRect) -> QRect:
    """Return the card, moved into the room."""
    moved = QRect(card)
    moved.moveLeft(max(room.left(), min(moved.left(), room.right() - moved.width())))
    moved.moveTop(max(room.top(), min(moved.top(), room.bottom() - moved.height())))
    return moved
