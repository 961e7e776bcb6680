"""What this program is, what it runs, where it keeps things."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from cxr_desktop import __version__
from cxr_desktop.domain.self_test import StartChecks
from cxr_desktop.ui import icons
from cxr_desktop.ui.palette import Palette, Space
from cxr_desktop.ui.shell.model_status import ModelState, Ready
from cxr_desktop.ui.shell.status_line import checks_words
from cxr_desktop.ui.words import disclaimer

WIDTH = 640
MARK = 56
# Distribution → licence. Each may be passed on with a program under Apache-2.0.
PARTS: tuple[tuple[str, str], ...] = (
    ("PySide6-Essentials", "LGPL-3.0"),
    ("onnxruntime", "MIT"),
    ("numpy", "BSD-3-Clause"),
    ("opencv-python-headless", "Apache-2.0"),
    ("pydicom", "MIT"),
    ("python-gdcm", "BSD-3-Clause"),
    ("pylibjpeg-openjpeg", "MIT"),
    ("sqlite-utils", "Apache-2.0"),
    ("argon2-cffi", "MIT"),
    ("platformdirs", "MIT"),
)


class AboutDialog(QDialog):
    """`rows` are (what, value), for the model and the data folder."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About CXR Desktop"))
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.THREE, Space.THREE, Space.THREE, Space.TWO)
        column.setSpacing(Space.TWO)
        column.addLayout(self._head())
        purpose = _plain(
            self.tr(
                "Reads one frontal chest radiograph at a time and says normal, uncertain or "
                "abnormal. It finds no particular disease, replaces no reader, and works without "
                "a network. "
            )
            + disclaimer()
        )
        purpose.setWordWrap(True)
        column.addWidget(purpose)
        column.addWidget(_line())
        column.addLayout(_form([*rows, (self.tr("Computer"), _computer())]))
        column.addWidget(_line())
        licence = _plain(
            self.tr(
                "CXR Desktop is free software under the Apache License 2.0. "
                "It contains, among others:"
            )
        )
        licence.setProperty("role", "muted")
        column.addWidget(licence)
        column.addWidget(self._parts())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _head(self) -> QHBoxLayout:
        mark = QLabel()
        mark.setPixmap(icons.pixmap("app", Palette.TEXT, MARK, scale=2.0))
        name = QLabel("CXR Desktop")
        name.setProperty("role", "title")
        number = QLabel(self.tr("Version {0}").format(__version__))
        number.setProperty("role", "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(number)
        row = QHBoxLayout()
        row.setSpacing(Space.TWO)
        row.addWidget(mark)
        row.addLayout(words, 1)
        return row

    def _parts(self) -> QLabel:
        known = [f"{name} {_version_of(name)} ({licence})" for name, licence in PARTS]
        label = _plain(", ".join([*known, "Inter, Noto Sans Arabic (OFL-1.1)"]) + ".")
        label.setProperty("role", "small")
        label.setWordWrap(True)
        return label


def about_rows(model: ModelState, data: Path, checks: StartChecks) -> list[tuple[str, str]]:
    """Return the rows: the model and its device, the data folder, how the self-test stands."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Shell", text)

    name, device = tr("not ready"), tr("none")
    if isinstance(model, Ready):
        name, device = model.model, model.device
        if model.runtime:
            device = f"{device} (ONNX Runtime {model.runtime})"
    return [
        (tr("Model"), name),
        (tr("Runs on"), device),
        (tr("Data folder"), str(data)),
        (tr("Self-test"), checks_words(checks)),
    ]


def _form(rows: Sequence[tuple[str, str]]) -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(Space.TWO)
    form.setVerticalSpacing(Space.ONE)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    for what, value in rows:
        name = QLabel(what)
        name.setProperty("role", "muted")
        text = _plain(value)
        text.setWordWrap(True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        text.setAccessibleName(f"{what}: {value}")
        form.addRow(name, text)
    return form


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("role", "line")
    line.setFixedHeight(1)
    return line


def _computer() -> str:
    return f"{platform.system()} {platform.release()}, Python {platform.python_version()}"


def _version_of(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:  # a frozen program may have dropped the metadata
        return ""
