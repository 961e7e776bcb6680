"""A dialog that saves through a job: it stays open until that succeeded, and shows a refusal."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.theme import Space
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH = 460


class FormDialog(QDialog):
    """Fields in `body`, one primary button; a subclass says what it does in `save`.

    `save` must end by calling `accept` or `refuse`, once, on the GUI thread.
    """

    def __init__(self, parent: QWidget | None = None, *, kind: str = "primary") -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.notice = NoticeBar(dismissable=False)
        self._busy = BusyBar()
        self._saving = False
        self._valid = True
        self.focus_first: QWidget | None = None
        self._fields = QWidget()
        self.body = QVBoxLayout(self._fields)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(Space.HALF)
        buttons = QDialogButtonBox()
        self.action = buttons.addButton("", QDialogButtonBox.ButtonRole.ActionRole)
        self.action.setProperty("kind", kind)
        self.action.clicked.connect(self._on_asked)
        self.cancel = buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        self._title = plain_label(role="heading", wrap=True)
        for widget in (self._title, self._fields, self.notice, self._busy, buttons):
            column.addWidget(widget)
        self.action.setDefault(True)  # now that it knows its dialog: Enter is for no other button

    def set_words(self, title: str, action: str) -> None:
        """Name the dialog and its button, "&" before the button's key."""
        self.setWindowTitle(title)
        self._title.setText(title)
        self.action.setText(action)

    def save(self) -> None:
        """Start saving; overridden."""
        raise NotImplementedError

    def refuse(self, notice: Notice) -> None:
        """Show why it was not saved; the person may change the fields and try again."""
        self._set_saving(saving=False)
        self.notice.show_notice(notice)
        self._fit()

    def add_field(self, text: str, field: QWidget) -> None:
        """Put a labelled field into the body."""
        label = QLabel(text)
        label.setBuddy(field)
        self.focus_first = self.focus_first or field
        self.body.addWidget(label)
        self.body.addWidget(field)
        self.body.addSpacing(Space.HALF)

    def set_valid(self, *, valid: bool) -> None:
        """Let the button be pressed, or not yet."""
        self._valid = valid
        self.action.setEnabled(valid and not self._saving)

    def reject(self) -> None:
        """Close without saving; not while something is being saved."""
        if not self._saving:
            super().reject()

    def showEvent(self, event: QShowEvent) -> None:
        """Start in the first field, at the height that the words need."""
        super().showEvent(event)
        self._fit()
        if self.focus_first is not None:
            self.focus_first.setFocus()

    def _fit(self) -> None:
        """Qt does not give wrapped words the height they need in a window of fixed width."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def _on_asked(self) -> None:
        if self._valid and not self._saving:
            self.notice.show_notice(None)
            self._fit()
            self._set_saving(saving=True)
            self.save()

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self._fields.setEnabled(not saving)
        self.cancel.setEnabled(not saving)
        self.action.setEnabled(self._valid and not saving)
        if saving:
            self._busy.set_busy(self.tr("Saving"))
        else:
            self._busy.set_idle()
