"""Opens the dialogs over the list and the open exam: taking out, deleting, signing."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.state import Opened


class OutDialogs:
    """One dialog at a time, over `parent`. They are imported when first needed: start-up time."""

    def __init__(self, presenter: HistoryPresenter, parent: QWidget) -> None:
        self._presenter = presenter
        self._parent = parent

    def show_dicom(self) -> None:
        """Ask what of the open exam is to be written as DICOM, and where to."""
        from cxr_desktop.ui.screens.history.dicom_dialog import DicomDialog  # noqa: PLC0415 - above

        state = self._presenter.state.exam
        if isinstance(state, Opened) and state.exam.assessment is not None:
            job = self._presenter.make_job()
            self._show(DicomDialog(self._presenter.out.dicom, job, state.exam, self._parent))

    def show_clean_film(self) -> None:
        """Ask how the open film is to be written without its patient."""
        from cxr_desktop.ui.screens.history.clean_dialog import CleanFilmDialog  # noqa: PLC0415 - above

        state = self._presenter.state.exam
        if isinstance(state, Opened) and state.film is not None:
            job = self._presenter.make_job()
            films = self._presenter.out.films
            self._show(CleanFilmDialog(films, job, state.exam, state.film, self._parent))

    def show_clean_list(self) -> None:
        """Ask the same for all films that the filters leave."""
        from cxr_desktop.ui.screens.history.clean_dialog import CleanListDialog  # noqa: PLC0415 - above

        films, job = self._presenter.out.films, self._presenter.make_job()
        self._show(CleanListDialog(films, job, self._presenter.query, self._parent))

    def show_reports(self) -> None:
        """Ask where the reports of all exams that the filters leave are to be written."""
        from cxr_desktop.ui.screens.history.reports_dialog import ReportsDialog  # noqa: PLC0415 - above

        reports, job = self._presenter.out.reports, self._presenter.make_job()
        self._show(ReportsDialog(reports, job, self._presenter.query, self._parent))

    def show_dicom_list(self) -> None:
        """Ask what of all exams that the filters leave is to be written as DICOM."""
        from cxr_desktop.ui.screens.history.dicom_dialog import DicomListDialog  # noqa: PLC0415 - above

        answers, job = self._presenter.out.answers, self._presenter.make_job()
        self._show(DicomListDialog(answers, job, self._presenter.query, self._parent))

    def show_delete(self) -> None:
        """Ask why the open exam is to be deleted, or brought back; then show the list again."""
        from cxr_desktop.ui.screens.history.delete_dialog import DeleteDialog  # noqa: PLC0415 - above

        state, presenter = self._presenter.state.exam, self._presenter
        if isinstance(state, Opened):
            job = presenter.make_job()
            dialog = DeleteDialog(presenter.deleting, job, state.exam, self._parent)
            dialog.accepted.connect(presenter.close_exam)
            dialog.accepted.connect(presenter.refresh)
            self._show(dialog)

    def show_sign(self) -> None:
        """Ask whether the open exam's report is to be signed; then show it as signed."""
        from cxr_desktop.ui.screens.history.sign_dialog import SignDialog  # noqa: PLC0415 - above

        presenter, review = self._presenter, self._presenter.state.review
        state = presenter.state.exam
        if isinstance(state, Opened) and review is not None and review.reviews:
            job = presenter.make_job()
            dialog = SignDialog(presenter.signing, job, state.exam, review, self._parent)
            dialog.finished.connect(lambda _result: presenter.follow_signature())
            self._show(dialog)

    @staticmethod
    def _show(dialog: QDialog) -> None:
        dialog.setModal(True)
        dialog.show()
