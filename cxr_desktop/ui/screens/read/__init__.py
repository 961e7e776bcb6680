"""Read: drop a film, run the model, see the stored answer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.screens.read.view import ReadView

if TYPE_CHECKING:  # see ui/navigation.py
    from cxr_desktop.ui.navigation import Context


def make_read_screen(context: Context) -> ReadView:
    """Make the screen; its widget offers `open_exam(exam_id)`."""
    program = context.program
    services = ReadServices(
        classify=program.classify,
        history=program.history,
        measurements=program.measurements,
        setting=program.settings.get,
        find_films=program.engine.find_films,
    )
    presenter = ReadPresenter(services, context.runner, context.session)
    view = ReadView(presenter)
    presenter.setParent(view)
    return view
