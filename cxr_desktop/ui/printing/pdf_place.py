"""Asks where a PDF is to be saved."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_for_pdf(parent: QWidget, name: str) -> Path | None:
    """Return the chosen file, ending in “.pdf”; None when nothing was chosen."""
    title = QCoreApplication.translate("Report", "Save the report")
    kinds = QCoreApplication.translate("Report", "PDF (*.pdf)")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, name, kinds)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.casefold() == ".pdf" else path.with_name(f"{path.name}.pdf")
