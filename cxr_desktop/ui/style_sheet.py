"""The style sheet.

A button gets `setProperty("kind", "primary" | "danger" | "quiet")`, a label
`setProperty("role", "title" | "heading" | "strong" | "muted" | "small" | "caption")`, a QFrame
`setProperty("role", "card" | "panel" | "line")`, a line edit with a wrong value
`setProperty("invalid", True)`: before the widget is shown, or followed by `theme.restyle(widget)`.

There is no rule for QWidget on purpose: text colour and font come from palette and font, and such a
rule doubles the time a screen takes to be made (measured: 113 to 64 ms).
"""

from __future__ import annotations

from typing import Final

from cxr_desktop.ui.palette import Palette, Size

STYLE: Final = f"""
QMainWindow, QDialog, QMessageBox {{ background: {Palette.BACKGROUND}; }}
QToolTip {{ background: {Palette.RAISED}; color: {Palette.TEXT};
    border: 1px solid {Palette.OUTLINE}; padding: 6px 8px; }}

QLabel[role="title"] {{ font-size: {Size.TITLE}px; font-weight: bold; }}
QLabel[role="heading"] {{ font-size: {Size.HEADING}px; font-weight: bold; }}
QLabel[role="strong"] {{ font-weight: bold; }}
QLabel[role="muted"] {{ color: {Palette.MUTED}; }}
QLabel[role="small"] {{ color: {Palette.MUTED}; font-size: {Size.SMALL}px; }}
QLabel[role="caption"] {{ color: {Palette.MUTED}; font-size: {Size.SMALL}px; font-weight: bold; }}
QLabel:disabled {{ color: {Palette.FAINT}; }}

QFrame[role="card"] {{ background: {Palette.SURFACE}; border: 1px solid {Palette.BORDER};
    border-radius: 12px; }}
QFrame[role="panel"] {{ background: {Palette.SURFACE}; border: none; }}
QFrame[role="line"] {{ background: {Palette.BORDER}; border: none; max-height: 1px; }}

QPushButton {{ background: {Palette.RAISED}; border: 1px solid {Palette.OUTLINE};
    border-radius: 6px; padding: 0 16px; min-height: {Size.CONTROL - 2}px; }}
QPushButton:hover {{ background: {Palette.HOVER}; }}
QPushButton:pressed {{ background: {Palette.BORDER}; }}
QPushButton:checked {{ background: {Palette.SELECTION}; border-color: {Palette.ACCENT}; }}
QPushButton:focus {{ border: 2px solid {Palette.ACCENT}; padding: 0 15px;
    min-height: {Size.CONTROL - 4}px; }}
QPushButton:disabled {{ color: {Palette.FAINT}; background: {Palette.SURFACE};
    border-color: {Palette.BORDER}; }}
QPushButton[kind="primary"] {{ background: {Palette.ACCENT}; color: {Palette.ON_ACCENT};
    border-color: {Palette.ACCENT}; font-weight: bold; }}
QPushButton[kind="primary"]:hover {{ background: {Palette.ACCENT_HOVER}; }}
QPushButton[kind="primary"]:pressed {{ background: {Palette.ACCENT}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {Palette.TEXT}; }}
QPushButton[kind="primary"]:disabled {{ background: {Palette.RAISED}; color: {Palette.FAINT};
    border-color: {Palette.BORDER}; }}
QPushButton[kind="danger"] {{ color: {Palette.DANGER}; border-color: {Palette.DANGER}; }}
QPushButton[kind="danger"]:disabled {{ color: {Palette.FAINT}; border-color: {Palette.BORDER}; }}
QPushButton[kind="danger"]:hover {{ background: {Palette.DANGER_SURFACE}; }}
QPushButton[kind="quiet"] {{ background: transparent; border-color: transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {Palette.HOVER}; }}
QPushButton[kind="quiet"]:focus {{ border-color: {Palette.ACCENT}; }}
QPushButton[kind="quiet"]:disabled {{ background: transparent; }}
QPushButton::menu-indicator {{ image: url(icons:control-down.svg); width: 14px; height: 14px;
    subcontrol-origin: padding; subcontrol-position: right center; right: 8px; }}

QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px;
    padding: 6px; }}
QToolButton:hover {{ background: {Palette.HOVER}; }}
QToolButton:pressed {{ background: {Palette.BORDER}; }}
QToolButton:checked {{ background: {Palette.SELECTION}; border-color: {Palette.ACCENT}; }}
QToolButton:focus {{ border: 2px solid {Palette.ACCENT}; padding: 5px; }}
QToolButton:disabled {{ color: {Palette.FAINT}; }}
QLineEdit QToolButton {{ padding: 0; border: 1px solid transparent; border-radius: 4px; }}
QToolButton::menu-indicator {{ image: none; }}

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox {{
    background: {Palette.BACKGROUND}; border: 1px solid {Palette.OUTLINE}; border-radius: 6px;
    padding: 0 10px; selection-background-color: {Palette.SELECTION};
    selection-color: {Palette.TEXT}; }}
QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QComboBox {{ min-height: {Size.CONTROL - 2}px; }}
QPlainTextEdit, QTextEdit {{ padding: 8px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QDateEdit:focus, QComboBox:focus {{ border: 2px solid {Palette.ACCENT}; padding: 0 9px;
    min-height: {Size.CONTROL - 4}px; }}
QPlainTextEdit:focus, QTextEdit:focus {{ padding: 7px; }}
QLineEdit[invalid="true"] {{ border-color: {Palette.DANGER}; }}
QLineEdit:read-only {{ background: {Palette.SURFACE}; border-color: {Palette.BORDER}; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QDateEdit:disabled, QComboBox:disabled {{ color: {Palette.FAINT}; border-color: {Palette.BORDER};
    background: {Palette.SURFACE}; }}
QComboBox::drop-down, QDateEdit::drop-down {{ border: none; width: 28px; }}
QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url(icons:control-down.svg); width: 16px;
    height: 16px; }}
QComboBox QAbstractItemView {{ background: {Palette.RAISED}; border: 1px solid {Palette.OUTLINE};
    padding: 4px; outline: none; selection-background-color: {Palette.SELECTION}; }}
QComboBox QAbstractItemView::item {{ min-height: 32px; padding: 0 8px; }}
QSpinBox::up-button, QDoubleSpinBox::up-button, QDateEdit::up-button {{
    subcontrol-position: top right; width: 24px; border: none; }}
QSpinBox::down-button, QDoubleSpinBox::down-button, QDateEdit::down-button {{
    subcontrol-position: bottom right; width: 24px; border: none; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow, QDateEdit::up-arrow {{
    image: url(icons:control-up.svg); width: 14px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
    image: url(icons:control-down.svg);
    width: 14px; }}

QCheckBox, QRadioButton {{ spacing: 8px; padding: 4px; border: 1px solid transparent;
    border-radius: 6px; }}
QCheckBox:focus, QRadioButton:focus {{ border: 1px solid {Palette.ACCENT}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {Palette.FAINT}; }}
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator {{ width: 16px;
    height: 16px; border: 1px solid {Palette.OUTLINE}; background: {Palette.BACKGROUND}; }}
QCheckBox::indicator, QAbstractItemView::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked {{ background: {Palette.ACCENT};
    border-color: {Palette.ACCENT}; image: url(icons:control-tick.svg); }}
QCheckBox::indicator:indeterminate {{ background: {Palette.ACCENT}; border-color: {Palette.ACCENT};
    image: url(icons:control-dash.svg); }}
QRadioButton::indicator:checked {{ border: 5px solid {Palette.ACCENT}; width: 8px; height: 8px; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {Palette.BORDER};
    background: {Palette.SURFACE}; }}
QCheckBox::indicator:checked:disabled {{ background: {Palette.FAINT};
    border-color: {Palette.FAINT}; }}

QTableView, QTreeView, QListView {{ background: {Palette.SURFACE};
    border: 1px solid {Palette.BORDER}; border-radius: 8px; gridline-color: {Palette.BORDER};
    outline: none;
    alternate-background-color: {Palette.SURFACE}; selection-background-color: {Palette.SELECTION};
    selection-color: {Palette.TEXT}; }}
QTableView:focus, QTreeView:focus, QListView:focus {{ border: 1px solid {Palette.ACCENT}; }}
QTableView::item, QTreeView::item, QListView::item {{ padding: 4px 8px; border: none;
    border-bottom: 1px solid {Palette.BORDER}; }}
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover {{
    background: {Palette.RAISED}; }}
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected {{
    background: {Palette.SELECTION}; color: {Palette.TEXT}; }}
QHeaderView {{ background: {Palette.SURFACE}; border: none; border-radius: 8px; }}
QHeaderView::section {{ background: {Palette.SURFACE}; color: {Palette.MUTED}; border: none;
    border-bottom: 1px solid {Palette.OUTLINE}; padding: 8px; font-size: {Size.SMALL}px;
    font-weight: bold; text-align: left; }}
QHeaderView::section:hover {{ color: {Palette.TEXT}; }}
QHeaderView::down-arrow {{ image: url(icons:control-down.svg); width: 14px; height: 14px; }}
QHeaderView::up-arrow {{ image: url(icons:control-up.svg); width: 14px; height: 14px; }}
QTableCornerButton::section {{ background: {Palette.SURFACE}; border: none; }}

QTabWidget::pane {{ border: none; border-top: 1px solid {Palette.BORDER}; top: -1px; }}
QTabBar {{ qproperty-drawBase: 0; background: transparent; }}
QTabBar::tab {{ background: transparent; color: {Palette.MUTED}; border: none;
    border-bottom: 2px solid transparent; padding: 10px 16px; margin-right: 4px; }}
QTabBar::tab:hover {{ color: {Palette.TEXT}; }}
QTabBar::tab:selected {{ color: {Palette.TEXT}; border-bottom: 2px solid {Palette.ACCENT}; }}
QTabBar::tab:focus {{ color: {Palette.TEXT}; background: {Palette.RAISED}; }}
QTabBar::scroller {{ width: 64px; }}
QTabBar QToolButton {{ background: {Palette.RAISED}; border: 1px solid {Palette.OUTLINE};
    border-radius: 4px; margin: 4px 2px; padding: 0; }}
QTabBar QToolButton::left-arrow {{ image: url(icons:control-left.svg); width: 16px; height: 16px; }}
QTabBar QToolButton::right-arrow {{ image: url(icons:control-right.svg); width: 16px;
    height: 16px; }}

QMenu {{ background: {Palette.RAISED}; border: 1px solid {Palette.OUTLINE}; border-radius: 8px;
    padding: 6px; }}
QMenu::item {{ padding: 8px 24px 8px 12px; border-radius: 4px; }}
QMenu::item:selected {{ background: {Palette.SELECTION}; }}
QMenu::item:disabled {{ color: {Palette.FAINT}; }}
QMenu::separator {{ height: 1px; background: {Palette.BORDER}; margin: 6px 4px; }}
QMenu::icon {{ padding-left: 12px; }}

QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
QScrollBar::handle {{ background: {Palette.OUTLINE}; border-radius: 4px; min-height: 32px;
    min-width: 32px; }}
QScrollBar::handle:hover {{ background: {Palette.MUTED}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget {{ background: transparent; }}

QProgressBar {{ background: {Palette.RAISED}; border: none; border-radius: 3px; max-height: 6px;
    min-height: 6px; text-align: center; color: transparent; }}
QProgressBar::chunk {{ background: {Palette.ACCENT}; border-radius: 3px; }}

QSlider::groove:horizontal {{ height: 4px; background: {Palette.OUTLINE}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {Palette.ACCENT}; border-radius: 2px; }}
QSlider::handle:horizontal {{ background: {Palette.TEXT}; width: 16px; height: 16px;
    margin: -6px 0; border-radius: 8px; border: 2px solid {Palette.BACKGROUND}; }}
QSlider::handle:horizontal:focus {{ border-color: {Palette.ACCENT}; }}

QGroupBox {{ border: 1px solid {Palette.BORDER}; border-radius: 8px; margin-top: 20px;
    padding: 12px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 8px; color: {Palette.MUTED}; }}
QSplitter::handle {{ background: {Palette.BORDER}; }}
QSplitter::handle:hover {{ background: {Palette.ACCENT}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QCalendarWidget QWidget {{ alternate-background-color: {Palette.RAISED}; }}
QCalendarWidget QToolButton {{ color: {Palette.TEXT}; }}
QGraphicsView {{ border: none; }}
"""
