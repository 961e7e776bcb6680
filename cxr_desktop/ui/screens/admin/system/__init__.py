"""Admin, System: versions, where things lie, and the self-test."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.system.facts import system_facts
from cxr_desktop.ui.screens.admin.system.presenter import SystemPresenter
from cxr_desktop.ui.screens.admin.system.view import SystemView


def make_system_tab(context: Context) -> QWidget:
    """Put the tab together."""
    facts = system_facts(context.program.data.root)
    return SystemView(SystemPresenter(context.program.self_test, context.runner), facts)
