"""What is to be known of a film and of an answer, as rows of name and value."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.assessment import Timings
from cxr_desktop.domain.history import ExamView, FilmRef
from cxr_desktop.domain.radiograph import PixelSpacing, Radiograph

translate = QCoreApplication.translate

Row = tuple[str, str]


def film_rows(film: Radiograph) -> tuple[Row, ...]:
    """Describe a film that was read."""
    return (
        (translate("ExamFacts", "File"), film.file_name),
        (translate("ExamFacts", "Size"), f"{film.columns} × {film.rows}"),
        (
            translate("ExamFacts", "Format"),
            translate("ExamFacts", "{kind}, {bits} bit").format(
                kind=film.file_format, bits=film.bits
            ),
        ),
        (translate("ExamFacts", "Spacing"), spacing_text(film.spacing)),
        _side_marker(),
    )


def stored_film_rows(film: FilmRef) -> tuple[Row, ...]:
    """Describe the film of a stored exam before it is read again."""
    return (
        (translate("ExamFacts", "File"), film.file_name),
        (translate("ExamFacts", "Size"), f"{film.columns} × {film.rows}"),
        (translate("ExamFacts", "Format"), film.file_format),
        _side_marker(),
    )


def _side_marker() -> Row:
    """Leave to the reader what the program cannot know: whether left is left."""
    return (
        translate("ExamFacts", "Side marker"),
        translate("ExamFacts", "not read; check it yourself"),
    )


def answer_rows(exam: ExamView) -> tuple[Row, ...]:
    """Describe who asked, when, which model answered on what; the model only with the answer."""
    when = exam.time.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    rows: tuple[Row, ...] = (
        (translate("ExamFacts", "Time"), when),
        (translate("ExamFacts", "User"), exam.user),
    )
    if exam.signed:  # why no reading can be added to it
        rows = (*rows, (translate("ExamFacts", "Report"), translate("ExamFacts", "signed")))
    if exam.assessment is None:
        return rows
    assessment = exam.assessment
    return (
        *rows,
        (translate("ExamFacts", "Model"), f"{assessment.model.id} {assessment.model.version}"),
        (translate("ExamFacts", "Device"), assessment.device),
        (translate("ExamFacts", "Took"), timing_text(assessment.timings)),
    )


def timing_text(timings: Timings) -> str:
    """Write the time in all and of each step: “0.21 s: read 40 ms, prepare 5 ms, model 165 ms”."""
    return translate(
        "ExamFacts", "{total} s: read {read} ms, prepare {prepare} ms, model {infer} ms"
    ).format(
        total=f"{timings.total / 1000:.2f}",
        read=round(timings.read),
        prepare=round(timings.prepare),
        infer=round(timings.infer),
    )


def spacing_text(spacing: PixelSpacing | None) -> str:
    """Write millimetres per pixel and in which plane they were measured; empty for none."""
    if spacing is None:
        return ""
    if spacing.row_mm == spacing.column_mm:
        size = f"{spacing.row_mm:.4g} mm"
    else:
        size = f"{spacing.row_mm:.4g} × {spacing.column_mm:.4g} mm"
    return (
        translate("ExamFacts", "{size}, at the detector").format(size=size)
        if spacing.at_detector
        else size
    )
