"""Admin: users, groups, settings, models, system."""

from __future__ import annotations

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.slices import Slices


def make_admin_screen(context: Context) -> Slices:
    """Put the screen together for the signed-in person."""
    from cxr_desktop.ui.screens.admin.tabs import TABS  # noqa: PLC0415 - as below
    from cxr_desktop.ui.screens.admin.view import AdminView  # noqa: PLC0415 - piece by piece, see ui/screen_loader.py

    made = {}
    for spec in TABS:
        if spec.is_for(context.session.require()):
            made[spec] = spec.make(context)
            yield
    return AdminView(context, made=made)
