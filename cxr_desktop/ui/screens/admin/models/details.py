"""Everything a pack says of itself, and what its check found."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.theme import Space
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.plain_label import plain_label
from cxr_desktop.ui.words import disclaimer

Rows = list[tuple[str, str]]
LABEL_WIDTH = 150
WIDEST = 900


class ModelDetails(QScrollArea):
    """Shows one `ModelInfo`; every word of it is plain text from a file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("About the chosen model"))

    def show_pack(self, pack: ModelInfo | None) -> None:
        """Show a pack, or nothing."""
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(WIDEST)
        column = QVBoxLayout(card)
        column.setContentsMargins(Space.THREE, Space.TWO, Space.THREE, Space.TWO)
        column.setSpacing(Space.ONE)
        if pack is not None:
            column.addWidget(plain_label(pack.title or pack.ref.id, role="heading", wrap=True))
            column.addWidget(self._check(pack))
            column.addLayout(_form(self._facts(pack)))
            column.addSpacing(Space.ONE)
            column.addWidget(plain_label(self.tr("MEASURED"), role="caption"))
            if pack.figures:
                column.addLayout(_form(list(pack.figures.items())))
            else:
                nothing = self.tr("Nothing was measured: nobody knows how often it is right.")
                column.addWidget(plain_label(nothing, wrap=True))
            column.addSpacing(Space.ONE)
            column.addWidget(plain_label(disclaimer(), role="small", wrap=True))
        page = QWidget()
        column_of_page = QVBoxLayout(page)
        column_of_page.setContentsMargins(0, 0, 0, 0)
        column_of_page.addWidget(card)
        column_of_page.addStretch(1)
        card.setVisible(pack is not None)
        self.setWidget(page)

    def _check(self, pack: ModelInfo) -> NoticeBar:
        bar = NoticeBar(dismissable=False)
        bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        if pack.problem:
            bar.show_notice(Notice("error", pack.problem))
        else:
            bar.show_notice(
                Notice("info", self.tr("Checked: the file is the one that its maker packed."))
            )
        return bar

    def _facts(self, pack: ModelInfo) -> Rows:
        points = pack.points
        zones = self.tr("normal below {0}, abnormal from {1}, uncertain between").format(
            f"{points.normal_below:.3f}", f"{points.abnormal_from:.3f}"
        )
        came = self.tr("with the program") if pack.built_in else self.tr("imported here")
        return [
            (self.tr("Id"), pack.ref.id),
            (self.tr("Version"), pack.ref.version),
            (self.tr("Came"), came),
            (self.tr("Operating points"), zones),
            (self.tr("Intended use"), pack.intended_use),
            (self.tr("Trained on"), pack.trained_on),
            (self.tr("Licence"), pack.licence),
            (self.tr("SHA-256"), _in_groups(pack.ref.sha256)),
        ]


def _form(rows: Rows) -> QGridLayout:
    # Not a QFormLayout: with words that wrap on both sides it lays them over each other.
    form = QGridLayout()
    form.setHorizontalSpacing(Space.TWO)
    form.setVerticalSpacing(Space.ONE)
    form.setColumnMinimumWidth(0, LABEL_WIDTH)
    form.setColumnStretch(1, 1)
    for row, (what, value) in enumerate(rows):
        name = plain_label(what, role="muted", wrap=True)
        name.setFixedWidth(LABEL_WIDTH)
        text = plain_label(value or "–", wrap=True, selectable=True)
        text.setAccessibleName(f"{what}: {value}")
        form.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        form.addWidget(text, row, 1)
    return form


def _in_groups(digest: str) -> str:
    """Break a hash into groups of eight, so that it wraps and can be read out."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
