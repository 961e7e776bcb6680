"""Admin, Backups: where they go, which there are, making and checking one; the full check."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.backups.check_presenter import CheckPresenter
from cxr_desktop.ui.screens.admin.backups.check_strip import CheckStrip
from cxr_desktop.ui.screens.admin.backups.presenter import BackupsPresenter
from cxr_desktop.ui.screens.admin.backups.view import BackupsView


def make_backups_tab(context: Context) -> QWidget:
    """Put the tab together."""
    program, runner, session = context.program, context.runner, context.session
    view = BackupsView(BackupsPresenter(program.backups, runner, session))
    view.add_below(CheckStrip(CheckPresenter(program.check_now, runner, session)))
    return view
