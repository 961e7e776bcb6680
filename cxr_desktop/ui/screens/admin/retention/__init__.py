"""Admin, Retention: what the rule keeps, and removing the rest for good."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.admin.retention.view import RetentionView


def make_retention_tab(context: Context) -> QWidget:
    """Put the tab together."""
    return RetentionView(context.program.retention, lambda: OneJob(context.runner, context.session))
