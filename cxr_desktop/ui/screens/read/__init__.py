"""Read: drop a film, run the model, see the stored answer beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # see ui/navigation.py
    from cxr_desktop.ui.navigation import Context
    from cxr_desktop.ui.slices import Slices


def make_read_screen(context: Context) -> Slices:
    """Make the screen; its widget offers `open_exam(exam_id)`."""
    # Imported piece by piece before: see ui/screen_loader.py.
    from cxr_desktop.ui.keymap import follow_buttons  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.read.film_list_panel import (  # noqa: PLC0415 - above
        FilmListPanel,
    )
    from cxr_desktop.ui.screens.read.ports import ReadServices  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.read.presenter import ReadPresenter  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.read.view import ReadView  # noqa: PLC0415 - above
    from cxr_desktop.ui.widgets.exam_viewer import ExamViewer  # noqa: PLC0415 - above
    from cxr_desktop.wiring.films_at_once import ClassifyHere  # noqa: PLC0415 - above

    program = context.program
    services = ReadServices(
        classify=program.classify,
        classify_many=ClassifyHere(program.classify_many, program.engine),
        history=program.history,
        measurements=program.measurements,
        reviews=program.reviews,
        priors=program.priors,
        tags=program.tags,
        occlusion=program.occlusion,
        report=program.report,
        setting=program.settings.get,
        find_films=program.engine.find_films,
        label=program.engine.find_films.label,
        save_list=program.save_film_list,
    )
    presenter = ReadPresenter(services, context.runner, context.session)
    yield
    viewer = ExamViewer()
    yield
    films = FilmListPanel()
    yield
    view = ReadView(presenter, viewer=viewer, films=films)
    presenter.setParent(view)
    view.reading.phrases.setting = program.settings.get
    yield
    context.keys.add(view.keyed_actions())
    context.keys.changed.connect(view.show_keys)
    follow_buttons(context.keys, viewer.compare)
    return view
