"""Permissions down, groups across, a box where they meet."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cxr_desktop.domain.roles import PERMISSION_NAMES, Permission
from cxr_desktop.ui.screens.admin.groups.state import Listed
from cxr_desktop.ui.theme import Space
from cxr_desktop.ui.widgets.plain_label import plain_label

COLUMN = 140
NAMES = 460


class PermissionTable(QScrollArea):
    """Tells of a click by `permission_changed` (group, permission, on); shows what it is given."""

    permission_changed = Signal(str, object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._boxes: dict[tuple[str, Permission], QCheckBox] = {}
        self._names: tuple[str, ...] = ()
        self._counts: dict[str, str] = {}

    def box(self, group: str, permission: Permission) -> QCheckBox:
        """Return one box."""
        return self._boxes[group, permission]

    def show_groups(self, state: Listed) -> None:
        """Show the groups; boxes are made anew only when there are other groups."""
        names = tuple(group.name for group in state.groups)
        counts = {name: self._count(state.members.get(name, 0)) for name in names}
        if names != self._names or counts != self._counts:
            self._names, self._counts = names, counts
            self._build()
        for group in state.groups:
            for permission in Permission:
                box = self._boxes[group.name, permission]
                with QSignalBlocker(box):
                    box.setChecked(permission in group.permissions)

    def _count(self, members: int) -> str:
        return self.tr("1 user") if members == 1 else self.tr("{0} users").format(members)

    def _build(self) -> None:
        self._boxes.clear()
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(NAMES + COLUMN * max(len(self._names), 4))
        grid = QGridLayout(card)
        grid.setContentsMargins(Space.TWO, Space.TWO, Space.TWO, Space.TWO)
        grid.setVerticalSpacing(Space.ONE)
        grid.setColumnStretch(0, 1)
        for column, name in enumerate(self._names, start=1):
            grid.addLayout(self._make_head(name), 0, column)
            grid.setColumnMinimumWidth(column, COLUMN)
        for number, permission in enumerate(Permission):
            row = 2 * number + 2
            grid.addWidget(_line(), row - 1, 0, 1, len(self._names) + 1)
            text = QCoreApplication.translate("Permissions", PERMISSION_NAMES[permission])
            grid.addWidget(plain_label(text), row, 0)
            for column, name in enumerate(self._names, start=1):
                box = self._make_box(name, permission, text)
                grid.addWidget(box, row, column, Qt.AlignmentFlag.AlignCenter)
        page = QWidget()
        column_of_page = QVBoxLayout(page)
        column_of_page.setContentsMargins(0, 0, 0, 0)
        column_of_page.addWidget(card)
        column_of_page.addStretch(1)
        self.setWidget(page)

    def _make_head(self, name: str) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(0)
        for text, role in ((name, "strong"), (self._counts[name], "small")):
            label = plain_label(text, role=role, wrap=True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            head.addWidget(label)
        return head

    def _make_box(self, group: str, permission: Permission, text: str) -> QCheckBox:
        box = QCheckBox()
        box.setStyleSheet("QCheckBox { spacing: 0; }")  # no words: the box itself is centred
        box.setAccessibleName(f"{group}: {text}")
        box.toggled.connect(lambda on: self.permission_changed.emit(group, permission, on))
        self._boxes[group, permission] = box
        return box


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line
