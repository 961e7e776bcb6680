"""Admin, Backups: where they go, which there are, making and checking one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.backups.presenter import BackupsPresenter
from cxr_desktop.ui.screens.admin.backups.view import BackupsView


def make_backups_tab(context: Context) -> QWidget:
    """Put the tab together."""
    return BackupsView(BackupsPresenter(context.program.backups, context.runner, context.session))
