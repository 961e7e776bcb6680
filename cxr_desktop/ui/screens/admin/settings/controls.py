"""One control per kind of setting, all with the same two ends: show a value, tell of a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.ui.icons import icon
from cxr_desktop.ui.theme import Palette, Space

Tell = Callable[[SettingValue], None]
Show = Callable[[SettingValue], None]
Ask = Callable[[QWidget, str], str]
LARGEST = 2**31 - 1
WIDTH = 240
NUMBER_WIDTH = 120
# A choice without words here is shown as it is stored.
CHOICE_WORDS = {
    "off": str(QT_TRANSLATE_NOOP("SettingChoices", "Off")),
    "auto": str(QT_TRANSLATE_NOOP("SettingChoices", "Automatic (auto)")),
    "cpu": str(QT_TRANSLATE_NOOP("SettingChoices", "Processor (CPU)")),
    "cuda": str(QT_TRANSLATE_NOOP("SettingChoices", "NVIDIA graphics card")),
    "en": str(QT_TRANSLATE_NOOP("SettingChoices", "English")),
    "moved": str(QT_TRANSLATE_NOOP("SettingChoices", "Moved")),
    "remembered": str(QT_TRANSLATE_NOOP("SettingChoices", "Remembered")),
}


def make_control(setting: Setting, tell: Tell) -> tuple[QWidget, Show]:
    """Return the control, and the function that shows a value in it without telling of it."""
    match setting.kind:
        case "switch":
            control, show = _switch(tell)
        case "choice":
            control, show = _choice(setting, tell)
        case "integer":
            control, show = _integer(setting, tell)
        case "number":
            control, show = _number(setting, tell)
        case "folder":
            control, show = _place(setting, tell, _ask_for_folder)
        case "picture":
            control, show = _place(setting, tell, _ask_for_picture)
        case "text":
            control, show = _text(setting, tell)
        case _:
            assert_never(setting.kind)
    (control.focusProxy() or control).setAccessibleName(
        QCoreApplication.translate("Settings", setting.title)
    )
    return control, show


def _switch(tell: Tell) -> tuple[QWidget, Show]:
    box = QCheckBox(QCoreApplication.translate("Settings", "On"))
    box.toggled.connect(tell)

    def show(value: SettingValue) -> None:
        with QSignalBlocker(box):
            box.setChecked(bool(value))

    return box, show


def _choice(setting: Setting, tell: Tell) -> tuple[QWidget, Show]:
    box = QComboBox()
    box.setFixedWidth(WIDTH)
    for choice in setting.choices:
        word = CHOICE_WORDS.get(choice, choice)
        box.addItem(QCoreApplication.translate("SettingChoices", word), choice)
    box.currentIndexChanged.connect(lambda _: tell(str(box.currentData())))

    def show(value: SettingValue) -> None:
        with QSignalBlocker(box):
            box.setCurrentIndex(box.findData(value))

    return box, show


def _integer(setting: Setting, tell: Tell) -> tuple[QWidget, Show]:
    box = QSpinBox()
    box.setFixedWidth(NUMBER_WIDTH)
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.setKeyboardTracking(False)  # "12" is not first 1 and then 12
    box.setRange(
        -LARGEST if setting.minimum is None else int(setting.minimum),
        LARGEST if setting.maximum is None else int(setting.maximum),
    )
    box.valueChanged.connect(tell)

    def show(value: SettingValue) -> None:
        with QSignalBlocker(box):
            box.setValue(int(value))

    return box, show


def _number(setting: Setting, tell: Tell) -> tuple[QWidget, Show]:
    box = QDoubleSpinBox()
    box.setFixedWidth(NUMBER_WIDTH)
    box.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    box.setKeyboardTracking(False)
    box.setDecimals(3)
    box.setSingleStep(0.01)
    box.setRange(
        -LARGEST if setting.minimum is None else setting.minimum,
        LARGEST if setting.maximum is None else setting.maximum,
    )
    box.valueChanged.connect(tell)

    def show(value: SettingValue) -> None:
        with QSignalBlocker(box):
            box.setValue(float(value))

    return box, show


def _place(setting: Setting, tell: Tell, ask: Ask) -> tuple[QWidget, Show]:
    """Return a line to type into with a button beside it; what is chosen is told at once."""
    line, show = _text(setting, tell)
    button = QPushButton(
        icon("folder", Palette.TEXT), QCoreApplication.translate("Settings", "Choose…")
    )
    title = QCoreApplication.translate("Settings", setting.title)
    button.setAccessibleName(QCoreApplication.translate("Settings", "Choose: {0}").format(title))
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.ONE)
    row.addWidget(line)
    row.addWidget(button)
    both.setFocusProxy(line)

    def choose() -> None:
        place = ask(both, title)
        if place:
            tell(place)

    button.clicked.connect(choose)
    return both, show


def _ask_for_folder(parent: QWidget, title: str) -> str:
    return QFileDialog.getExistingDirectory(parent, title)


def _ask_for_picture(parent: QWidget, title: str) -> str:
    kinds = QCoreApplication.translate("Settings", "Pictures (*.png)")
    return QFileDialog.getOpenFileName(parent, title, "", kinds)[0]


def _text(setting: Setting, tell: Tell) -> tuple[QWidget, Show]:
    box = QLineEdit()
    box.setMaxLength(setting.letters)
    box.setMinimumWidth(WIDTH)
    box.editingFinished.connect(lambda: tell(box.text().strip()))

    def show(value: SettingValue) -> None:
        if not box.hasFocus():
            box.setText(str(value))

    return box, show
