"""Admin, Settings: one control per setting there is."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.settings.presenter import SettingsPresenter
from cxr_desktop.ui.screens.admin.settings.view import SettingsView


def make_settings_tab(context: Context) -> QWidget:
    """Put the tab together."""
    presenter = SettingsPresenter(context.program.settings, context.runner, context.session)
    return SettingsView(presenter)
