"""Admin, Groups: what the members of each group may do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.groups.presenter import GroupsPresenter
from cxr_desktop.ui.screens.admin.groups.view import GroupsView
from cxr_desktop.ui.screens.admin.own_rights import OwnRights


def make_groups_tab(context: Context) -> QWidget:
    """Put the tab together."""
    own = OwnRights(context.program.access, context.runner, context.session)
    return GroupsView(
        GroupsPresenter(context.program.accounts, context.runner, context.session, own)
    )
