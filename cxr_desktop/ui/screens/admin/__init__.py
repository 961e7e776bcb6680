"""Admin: users, groups, settings, models, system."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context


def make_admin_screen(context: Context) -> QWidget:
    """Put the screen together for the signed-in person."""
    from cxr_desktop.ui.screens.admin.view import AdminView  # noqa: PLC0415 - piece by piece, see ui/screen_loader.py

    return AdminView(context)
