"""Admin, System: versions, where things lie, the self-test, and a bundle for support."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.system.bundle_card import BundleCard
from cxr_desktop.ui.screens.admin.system.facts import system_facts
from cxr_desktop.ui.screens.admin.system.presenter import SystemPresenter
from cxr_desktop.ui.screens.admin.system.view import SystemView


def make_system_tab(context: Context) -> QWidget:
    """Put the tab together."""
    program = context.program
    return SystemView(
        SystemPresenter(program.self_test, context.runner),
        system_facts(program.data.root, program.engine.runtime),
        BundleCard(program.support, context.runner, context.session),
    )
