"""Admin, Users: accounts are added, changed and disabled, never deleted."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.own_rights import OwnRights
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.screens.admin.users.view import UsersView


def make_users_tab(context: Context) -> QWidget:
    """Put the tab together."""
    own = OwnRights(context.program.access, context.runner, context.session)
    return UsersView(UsersPresenter(context.program.accounts, context.runner, context.session, own))
