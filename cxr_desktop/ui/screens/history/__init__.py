"""History: find stored exams and open them as they were shown."""

from __future__ import annotations

from datetime import date

from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.slices import Slices


def make_history_screen(context: Context) -> Slices:
    """Put the screen together for the signed-in person."""
    # Imported piece by piece before: see ui/screen_loader.py.
    from cxr_desktop.ui.keymap import follow_buttons, named_actions  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.exam_panel import ExamPanel  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.filter_bar import FilterBar  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.presenter import HistoryPresenter  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.table import HistoryTable  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.table_model import HistoryTableModel  # noqa: PLC0415 - above
    from cxr_desktop.ui.screens.history.view import HistoryView  # noqa: PLC0415 - above
    from cxr_desktop.ui.widgets.exam_viewer import ExamViewer  # noqa: PLC0415 - above

    rows = HistoryTableModel()
    program = context.program
    presenter = HistoryPresenter(
        program.history,
        context.runner,
        context.session,
        rows,
        reviews=program.reviews,
        export=program.export,
        report=program.report,
        figures=program.figures,
        out=program.out,
        saved=program.saved_filters,
        deleting=program.deleting,
        signing=program.signing,
    )
    rows.setParent(presenter)
    yield
    viewer = ExamViewer()
    yield
    exam = ExamPanel(viewer=viewer)
    exam.review.phrases.setting = program.settings.get
    yield
    filters = FilterBar(date.today)
    yield
    table = HistoryTable(rows)
    yield
    view = HistoryView(presenter, exam=exam, filters=filters, table=table)
    yield
    film = named_actions("film", view.exam.viewer.film_actions)
    context.keys.add({name: one for name, one in film.items() if "magnifier" not in name})
    follow_buttons(context.keys, view.exam.viewer.compare)
    return view
