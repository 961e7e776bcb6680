"""Patient and study: as the file says, or fields to type into where it says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from cxr_desktop.domain.radiograph import TEXT_LIMIT, StudyInfo
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.theme import restyle
from cxr_desktop.ui.widgets.facts import CAPTION_WIDTH
from cxr_desktop.ui.widgets.patient_text import (
    age_text,
    date_text,
    person_name,
    sex_text,
    view_text,
)
from cxr_desktop.ui.widgets.plain_label import breakable, plain_label
from cxr_desktop.ui.widgets.typed_study import TYPED_FIELDS, TypedStudy

NOT_STATED = "–"


class StudyForm(QWidget):
    """`typed_changed` carries a `TypedStudy` on every key; nothing typed is written over."""

    typed_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, QLabel] = {}
        self._edits: dict[str, QLineEdit | QComboBox] = {}
        self._typed = TypedStudy()
        self._names = {
            "patient_name": self.tr("Name"),
            "patient_id": self.tr("Patient ID"),
            "birth_date": self.tr("Birth date"),
            "sex": self.tr("Sex"),
            "study_date": self.tr("Study date"),
            "accession_number": self.tr("Accession"),
        }
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.TWO)
        self._grid.setVerticalSpacing(Space.HALF + 2)
        self._grid.setColumnMinimumWidth(0, CAPTION_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self._problem = plain_label(role="small", wrap=True)
        self._problem.hide()
        for row, name in enumerate(TYPED_FIELDS):
            self._add_row(row, name)
        self._more = plain_label(role="small", wrap=True)
        self._grid.addWidget(self._problem, len(TYPED_FIELDS), 0, 1, 2)
        self._grid.addWidget(self._more, len(TYPED_FIELDS) + 1, 0, 1, 2)

    def show_study(self, study: StudyInfo) -> None:
        """Show everything as text, frozen."""
        self._show(study, editable=False)
        self._show_problems({})

    def clear(self) -> None:
        """Forget every text, shown and typed."""
        self._typed = TypedStudy()
        for name, edit in self._edits.items():
            self._values[name].clear()
            _fill(edit, "")
        self._more.clear()
        self._show_problems({})

    def edit_study(self, study: StudyInfo, typed: TypedStudy, problems: Mapping[str, str]) -> None:
        """Show what the file says as text, and fields for the rest."""
        self._show(study, editable=True)
        self._typed = typed
        for name, edit in self._edits.items():
            _fill(edit, getattr(typed, name))
        self._show_problems(problems)

    def focus_first_field(self) -> None:
        """Put the cursor into the first field that can be typed into, if there is one."""
        for edit in self._edits.values():
            if not edit.isHidden():
                edit.setFocus()
                return

    def editor(self, name: str) -> QLineEdit | QComboBox:
        """Return the field for one of `TYPED_FIELDS`."""
        return self._edits[name]

    def shown(self, name: str) -> str:
        """Return the text shown for a field that is not typed into."""
        return self._values[name].text()

    def _add_row(self, row: int, name: str) -> None:
        caption = plain_label(self._names[name], role="muted")
        value = plain_label(wrap=True, selectable=True)
        edit: QLineEdit | QComboBox
        if name == "sex":
            edit = QComboBox()
            for code in ("", "F", "M", "O"):
                edit.addItem(sex_text(code) if code else self.tr("Not stated"), code)
            edit.currentIndexChanged.connect(lambda: self._on_typed(name))
        else:
            edit = QLineEdit()
            edit.setMaxLength(TEXT_LIMIT)
            edit.setAcceptDrops(False)  # a dropped film belongs to the screen
            # Enter, which a barcode scanner types too, goes on to the next field.
            edit.returnPressed.connect(self.focusNextChild)
            edit.setPlaceholderText(self._placeholder(name))
            edit.textEdited.connect(lambda: self._on_typed(name))
        edit.setAccessibleName(self._names[name])
        edit.hide()
        caption.setBuddy(edit)
        self._values[name], self._edits[name] = value, edit
        self._grid.addWidget(caption, row, 0)
        self._grid.addWidget(value, row, 1)
        self._grid.addWidget(edit, row, 1)

    def _placeholder(self, name: str) -> str:
        if name in ("birth_date", "study_date"):
            return self.tr("YYYY-MM-DD")
        return self.tr("Not in the file")

    def _show(self, study: StudyInfo, *, editable: bool) -> None:
        for name, edit in self._edits.items():
            text = _text_of(study, name)
            types = editable and not text
            self._values[name].setText(breakable(text) or NOT_STATED)
            self._values[name].setVisible(not types)
            edit.setVisible(types)
        rest = (
            age_text(study.age),
            study.study_description,
            view_text(study),
            study.institution,
        )
        self._more.setText(breakable(" · ".join(part for part in rest if part)))
        self._more.setVisible(bool(self._more.text()))

    def _show_problems(self, problems: Mapping[str, str]) -> None:
        for name, edit in self._edits.items():
            invalid = "true" if name in problems else "false"
            if edit.property("invalid") != invalid:
                edit.setProperty("invalid", invalid)
                restyle(edit)
        text = "; ".join(f"{self._names[name]}: {problems[name]}" for name in problems)
        self._problem.setText(text)
        self._problem.setVisible(bool(text))

    def _on_typed(self, name: str) -> None:
        edit = self._edits[name]
        text = edit.text() if isinstance(edit, QLineEdit) else str(edit.currentData())
        if text != getattr(self._typed, name):
            self._typed = replace(self._typed, **{name: text})
            self.typed_changed.emit(self._typed)


def _text_of(study: StudyInfo, name: str) -> str:
    value = getattr(study, name)
    if value is None or isinstance(value, date):
        return date_text(value)
    if name == "patient_name":
        return person_name(value)
    return sex_text(value) if name == "sex" else str(value)


def _fill(edit: QLineEdit | QComboBox, text: str) -> None:
    with QSignalBlocker(edit):
        if isinstance(edit, QComboBox):
            edit.setCurrentIndex(max(edit.findData(text), 0))
        elif edit.text() != text:
            edit.setText(text)
