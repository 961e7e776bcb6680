"""Where a person types a reason of so many characters."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cxr_desktop.domain.texts import one_line

LINES_HIGH = 84


class ReasonField(QPlainTextEdit):
    """`asked` stands in it while it is empty; the limits are those of the text as it is kept."""

    def __init__(
        self, asked: str, shortest: int, longest: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._shortest, self._longest = shortest, longest
        self.setTabChangesFocus(True)
        self.setFixedHeight(LINES_HIGH)
        self.setPlaceholderText(asked)

    @property
    def is_complete(self) -> bool:
        """Whether the service would take it."""
        return self._shortest <= len(one_line(self.toPlainText())) <= self._longest
