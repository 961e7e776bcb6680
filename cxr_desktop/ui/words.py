"""The sentences that stand in more than one place of the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def disclaimer() -> str:
    """Return the one claim the program makes (`domain.assessment.DISCLAIMER`), translated."""
    return QCoreApplication.translate("Words", "Decision support; a qualified reader decides.")
