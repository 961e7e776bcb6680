"""What the list is narrowed to: words, answer, user, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from PySide6.QtCore import QDate, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QDateEdit,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import Agreement
from cxr_desktop.domain.saved_filters import Filters
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.screens.history.name_box import NameBox
from cxr_desktop.ui.screens.history.state import NO_FILTERS, HistoryState
from cxr_desktop.ui.theme import Palette, Space
from cxr_desktop.ui.widgets.agreement import agreement_look
from cxr_desktop.ui.widgets.verdict_badge import look_of

ASKED_FOR = (Verdict.ABNORMAL, Verdict.UNCERTAIN, Verdict.NORMAL)
ReviewChoice = tuple[bool | None, Agreement | None, bool | None]
"""Whether reviewed, with which agreement, whether signed; None: any."""
REVIEW_CHOICES: tuple[ReviewChoice, ...] = (
    (None, None, None),
    (False, None, None),
    *((None, agreement, None) for agreement in Agreement),
    (True, None, False),
    (None, None, True),
)
MODEL_WIDTH = 220
ANY_TIME, TODAY, WEEK, MONTH, CHOSEN = range(5)


class FilterBar(QWidget):
    """Tells what a person asks for by signals; `render_state` shows what is asked for.

    `days_changed` carries the first and the last day (`datetime.date` or None), `review_changed`
    a `ReviewChoice`, one part each. `today` gives the local day.
    """

    text_changed = Signal(str)
    verdict_changed = Signal(object)
    user_changed = Signal(str)
    reader_changed = Signal(str)
    model_changed = Signal(str)
    review_changed = Signal(object, object, object)
    days_changed = Signal(object, object)
    cleared = Signal()
    deleted_asked = Signal(bool)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.search = self._make_search()
        self.verdict = self._make_verdict()
        self.review = self._make_review()
        self.user = NameBox(self.tr("User"), self.tr("All users"))
        self.user.named.connect(self.user_changed)
        self.reader = NameBox(self.tr("Reader"), self.tr("All readers"))
        self.reader.named.connect(self.reader_changed)
        self.model = NameBox(self.tr("Model"), self.tr("All models"))
        self.model.setFixedWidth(MODEL_WIDTH)
        self.model.named.connect(self.model_changed)
        self.more = QPushButton(self.tr("More"))
        self.more.setCheckable(True)
        self.more.setToolTip(self.tr("Narrow the list by reader and model, too"))
        self.more.toggled.connect(lambda _on: self._show_more())
        self.period = self._make_period()
        self.first, self.last = self._make_day(), self._make_day()
        self.first.setAccessibleName(self.tr("First day"))
        self.last.setAccessibleName(self.tr("Last day"))
        self.clear = QPushButton(icon("close", Palette.MUTED), self.tr("Clear filters"))
        self.clear.setProperty("kind", "quiet")
        self.clear.clicked.connect(self.cleared)
        self.deleted = QPushButton(self.tr("Deleted"))
        self.deleted.setCheckable(True)
        self.deleted.setToolTip(self.tr("List the exams that were deleted, and nothing else"))
        self.deleted.clicked.connect(self.deleted_asked)
        self._more_row = self._make_more_row()
        self._days_row = self._make_days_row()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

    def focus_search(self) -> None:
        """Put the cursor into the search box, ready to type over what is there."""
        self.search.setFocus()
        self.search.selectAll()

    def set_narrow(self, *, narrow: bool) -> None:
        """Put the choices below the search box, or beside it."""
        way = QBoxLayout.Direction
        self._line.setDirection(way.TopToBottom if narrow else way.LeftToRight)

    def offer(self, users: Iterable[str], models: Iterable[str]) -> None:
        """Add names to choose from; those offered before stay."""
        names = set(users)
        self.user.offer(names)
        self.reader.offer(names)
        self.model.offer(models)

    def render_state(self, state: HistoryState) -> None:
        """Show the filters of a state without telling of them again."""
        filters = state.filters
        self.verdict.setVisible(state.sight.results)
        self.review.setVisible(state.sight.results)
        self.user.setVisible(state.sight.others)
        with QSignalBlocker(self.search):
            if self.search.text() != filters.text:
                self.search.setText(filters.text)
        with QSignalBlocker(self.verdict):
            self.verdict.setCurrentIndex(self.verdict.findData(filters.verdict))
        with QSignalBlocker(self.review):
            wanted = (filters.reviewed, filters.agreement, filters.signed)
            self.review.setCurrentIndex(REVIEW_CHOICES.index(wanted))
        self.user.show_name(filters.user)
        self.reader.show_name(filters.read_by)
        self.model.show_name(filters.model)
        self.reader.setVisible(state.sight.results)
        self._show_more()
        self._show_days(filters)
        self.clear.setVisible(filters != NO_FILTERS)
        self.deleted.setVisible(state.sight.delete)
        self.deleted.setChecked(filters.deleted)

    def _make_search(self) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText(self.tr("Name, patient ID, accession number or file"))
        box.setAccessibleName(self.tr("Search the history"))
        box.setToolTip(self.tr("Three letters of a word are enough, or its beginning (Ctrl+F)"))
        box.addAction(icon("search", Palette.MUTED), QLineEdit.ActionPosition.LeadingPosition)
        box.setMinimumWidth(200)
        box.textChanged.connect(self.text_changed)
        return box

    def _make_verdict(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Answer"))
        box.addItem(self.tr("All answers"), None)
        for verdict in ASKED_FOR:
            look = look_of(verdict)
            box.addItem(icon(look.icon, look.colour), look.word, verdict)
        box.currentIndexChanged.connect(lambda _: self.verdict_changed.emit(_verdict_of(box)))
        return box

    def _make_review(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Review"))
        for reviewed, agreement, signed in REVIEW_CHOICES:
            if agreement is not None:
                look = agreement_look(agreement)
                box.addItem(icon(look.icon, look.colour), look.word)
            elif signed is not None:
                box.addItem(self.tr("Signed") if signed else self.tr("Read, not signed"))
            else:
                box.addItem(self.tr("Any review") if reviewed is None else self.tr("Not reviewed"))
        box.currentIndexChanged.connect(
            lambda number: self.review_changed.emit(*REVIEW_CHOICES[number])
        )
        return box

    def _make_period(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Time"))
        for text in (
            self.tr("Any time"),
            self.tr("Today"),
            self.tr("Last 7 days"),
            self.tr("Last 30 days"),
            self.tr("Choose days…"),
        ):
            box.addItem(text)
        box.currentIndexChanged.connect(self._on_period)
        return box

    def _make_day(self) -> QDateEdit:
        box = QDateEdit()
        box.setCalendarPopup(True)
        box.setDisplayFormat("yyyy-MM-dd")
        box.setFixedWidth(140)
        today = self._today()
        box.setDate(QDate(today.year, today.month, today.day))
        box.dateChanged.connect(lambda _: self._on_period(self.period.currentIndex()))
        return box

    def _make_days_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.ONE)
        line.addStretch()
        for text, box in ((self.tr("&From"), self.first), (self.tr("&to"), self.last)):
            label = QLabel(text)
            label.setProperty("role", "muted")
            label.setBuddy(box)
            line.addWidget(label)
            line.addWidget(box)
        row.hide()
        return row

    def _make_more_row(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.ONE)
        line.addStretch()
        line.addWidget(self.reader)
        line.addWidget(self.model)
        return row

    def _show_more(self) -> None:
        """Show the second row when asked for, and whenever it narrows the list."""
        boxes = (self.reader, self.model)
        narrows = any(box.currentText() != box.itemText(0) for box in boxes)
        self._more_row.setVisible(self.more.isChecked() or narrows)

    def _lay_out(self) -> None:
        boxes = QHBoxLayout()
        boxes.setSpacing(Space.ONE)
        for box in (self.verdict, self.review, self.user, self.period, self.more):
            boxes.addWidget(box)
        self._line.setSpacing(Space.ONE)
        self._line.addWidget(self.search, 1)
        self._line.addLayout(boxes)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(Space.ONE)
        page.addLayout(self._line)
        page.addWidget(self._more_row)
        page.addWidget(self._days_row)

    def _on_period(self, choice: int) -> None:
        self._days_row.setVisible(choice == CHOSEN)
        self.days_changed.emit(*self._days_of(choice))

    def _days_of(self, choice: int) -> tuple[date | None, date | None]:
        """Return the first and the last day that a line of the box means today."""
        today = self._today()
        match choice:
            case _ if choice == TODAY:
                return today, today
            case _ if choice == WEEK:
                return today - timedelta(days=6), today
            case _ if choice == MONTH:
                return today - timedelta(days=29), today
            case _ if choice == CHOSEN:
                return _day_of(self.first), _day_of(self.last)
            case _:
                return None, None

    def _show_days(self, filters: Filters) -> None:
        """Say which days narrow the list, whoever chose them: a hand, or saved filters."""
        days = filters.first_day, filters.last_day
        if {*days} == {*self._days_of(self.period.currentIndex())}:
            return  # also when the days stand the wrong way round: they were turned
        named = (choice for choice in range(CHOSEN) if self._days_of(choice) == days)
        choice = next(named, CHOSEN)
        with QSignalBlocker(self.period):
            self.period.setCurrentIndex(choice)
        if choice == CHOSEN:
            for box, day in zip((self.first, self.last), days, strict=True):
                if day is not None:
                    with QSignalBlocker(box):
                        box.setDate(QDate(day.year, day.month, day.day))
        self._days_row.setVisible(choice == CHOSEN)


def _verdict_of(box: QComboBox) -> Verdict | None:
    """Return what is chosen; Qt hands a `StrEnum` back as text."""
    chosen = box.currentData()
    return None if chosen is None else Verdict(chosen)


def _day_of(box: QDateEdit) -> date:
    chosen = box.date()
    return date(chosen.year(), chosen.month(), chosen.day())
