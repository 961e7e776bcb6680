"""Admin, Models: which packs are installed, what they were measured at, and which one is used."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin.models.presenter import ModelsPresenter
from cxr_desktop.ui.screens.admin.models.view import ModelsView


def make_models_tab(context: Context) -> QWidget:
    """Put the tab together."""
    presenter = ModelsPresenter(context.program.models, context.runner, context.session)
    presenter.activated.connect(context.ask_model)
    return ModelsView(presenter)
