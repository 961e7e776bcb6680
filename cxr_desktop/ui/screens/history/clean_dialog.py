"""Writing films without their patient: the open one, or all that the filters leave."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cxr_desktop.domain.deidentify import DeidOptions
from cxr_desktop.domain.history import ExamView, HistoryQuery
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.services.deidentify import BURNED_IN, CleanedFilms, DeidentifyFilms
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.palette import Space
from cxr_desktop.ui.widgets.mask_editor import MaskEditor
from cxr_desktop.ui.widgets.out_dialog import OutDialog
from cxr_desktop.ui.widgets.plain_label import plain_label

WIDTH, WIDE = 620, 920


class CleanDialog(OutDialog):
    """What both dialogs share: the options, and the words about what the program cannot see."""

    def __init__(self, films: DeidentifyFilms, job: OneJob, parent: QWidget | None = None) -> None:
        super().__init__(job, parent)
        self.films = films
        self.setMinimumWidth(WIDTH)
        self.dates = QCheckBox(self.tr("Keep &dates, moved by some days for each patient"))
        self.traits = QCheckBox(self.tr("Keep &sex, age, size and weight"))

    @property
    def options(self) -> DeidOptions:
        """What is ticked."""
        return DeidOptions(self.dates.isChecked(), self.traits.isChecked())

    def add_words(self, column: QVBoxLayout, words: str) -> None:
        """Put options and explanation below each other."""
        column.addWidget(self.dates)
        column.addWidget(self.traits)
        column.addWidget(plain_label(words, role="muted", wrap=True))

    def ended(self, result: object) -> Notice:
        """Say how many films there are now, and which are missing."""
        made = cast("CleanedFilms", result)
        count = len(made.files)
        text = self.tr("1 film was written.") if count == 1 else self.tr("{0} films were written.")
        hint = self.tr("Beside each film lies a list of what was done to it.")
        if made.left_out:
            left = self.tr("Left out: {0}. The first, because: {1}")
            first = made.left_out[0].reason
            hint = f"{left.format(len(made.left_out), first)} {hint}"
        return Notice("caution" if made.left_out else "info", text.format(f"{count:,}"), hint)


class CleanFilmDialog(CleanDialog):
    """The open exam's film, with boxes over names that are part of the picture."""

    def __init__(
        self,
        films: DeidentifyFilms,
        job: OneJob,
        exam: ExamView,
        film: Radiograph,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(films, job, parent)
        self._exam = exam
        self._says_text = any(caution.code == BURNED_IN for caution in exam.cautions)
        self.editor = MaskEditor()
        self.editor.show_film(film)
        self.editor.canvas.changed.connect(self.check)
        column = QVBoxLayout()
        column.setSpacing(Space.ONE)
        beside = QHBoxLayout()
        beside.setSpacing(Space.THREE)
        beside.addWidget(self.editor, 1)
        beside.addLayout(column)
        self.body.addLayout(beside, 1)
        self.setMinimumWidth(WIDE)
        seen = self.tr("The file says that text is part of this picture: cover it.")
        unseen = self.tr(
            "The program does not see names that are drawn into the picture: look, and drag boxes "
            "over them."
        )
        tags = self.tr(
            "Tags are cleaned by DICOM PS3.15, Basic Application Confidentiality Profile."
        )
        self.add_words(column, f"{seen if self._says_text else unseen} {tags}")
        column.addStretch(1)
        self.set_title(self.tr("Export this film without its patient"))
        self.check()

    def is_ready(self) -> bool:
        """Whether a film that says it has text was covered, too."""
        return super().is_ready() and (bool(self.editor.boxes) or not self._says_text)

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, options, boxes = self.place, self.options, self.editor.boxes
        job.start(
            lambda actor, context: self.films.one(
                actor, self._exam.exam_id, place, options, context, boxes=boxes
            )
        )


class CleanListDialog(CleanDialog):
    """All films of the list."""

    def __init__(
        self,
        films: DeidentifyFilms,
        job: OneJob,
        query: HistoryQuery,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(films, job, parent)
        self._query = query
        self.add_words(
            self.body,
            self.tr(
                "All films of the selection or list, with new numbers and tags cleaned by DICOM "
                "PS3.15, Basic Application Confidentiality Profile. Films whose file says that "
                "text is part of the picture are left out: open and cover them one by one. "
                "Names that a file does not tell of are not seen by the program: look at the films "
                "before you give them away."
            ),
        )
        self.set_title(self.tr("Export the films of this list without their patients"))
        self.check()

    def write(self, job: OneJob) -> None:
        """Start writing."""
        place, options, query = self.place, self.options, self._query
        job.start(lambda actor, context: self.films.many(actor, query, place, options, context))
