"""Admin, Audit log: what happened, by whom; verified and exported."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.audit.presenter import AuditPresenter
from cxr_desktop.ui.screens.admin.audit.view import AuditView


def make_audit_tab(context: Context) -> QWidget:
    """Put the tab together."""
    return AuditView(AuditPresenter(context.program.audit_trail, context.runner, context.session))
