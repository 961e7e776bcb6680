"""The tabs of Admin: one visible table.

TO ADD A TAB: a package here with `make_<name>_tab(context)`, and one row in `TABS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.audit import make_audit_tab
from cxr_desktop.ui.screens.admin.backups import make_backups_tab
from cxr_desktop.ui.screens.admin.groups import make_groups_tab
from cxr_desktop.ui.screens.admin.models import make_models_tab
from cxr_desktop.ui.screens.admin.retention import make_retention_tab
from cxr_desktop.ui.screens.admin.settings import make_settings_tab
from cxr_desktop.ui.screens.admin.system import make_system_tab
from cxr_desktop.ui.screens.admin.users import make_users_tab


@dataclass(frozen=True, slots=True)
class TabSpec:
    """One tab: `title` is translated in the context "Admin"; with all `permissions` one sees it."""

    title: str
    icon: str
    permissions: tuple[Permission, ...]
    make: Callable[[Context], QWidget]

    def is_for(self, actor: Actor) -> bool:
        """Whether this person sees the tab (services check again)."""
        return all(actor.may(one) for one in self.permissions)


TABS: tuple[TabSpec, ...] = (
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Users")),
        "users",
        (Permission.MANAGE_USERS,),
        make_users_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Groups")),
        "shield",
        (Permission.MANAGE_USERS,),
        make_groups_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Settings")),
        "settings",
        (Permission.MANAGE_SETTINGS,),
        make_settings_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Models")),
        "chip",
        (Permission.MANAGE_MODELS,),
        make_models_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Audit log")),
        "clipboard",
        (Permission.VIEW_AUDIT,),
        make_audit_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Backups")),
        "save",
        (Permission.MANAGE_BACKUPS,),
        make_backups_tab,
    ),
    TabSpec(
        str(QT_TRANSLATE_NOOP("Admin", "Retention")),
        "calendar",
        (Permission.DELETE, Permission.MANAGE_SETTINGS),
        make_retention_tab,
    ),
    TabSpec(str(QT_TRANSLATE_NOOP("Admin", "System")), "info", (), make_system_tab),
)
