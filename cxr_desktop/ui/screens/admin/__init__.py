"""Admin: users, groups, settings, models, system."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.view import AdminView


def make_admin_screen(context: Context) -> QWidget:
    """Put the screen together for the signed-in person."""
    return AdminView(context)
