"""What became of each film: the sums of a run, and the cells of its list."""

from __future__ import annotations

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.outcome import COLUMNS, FilmOutcome, RunSums, reason_words
from cxr_desktop.domain.radiograph import Caution
from tests.support.examples import an_exam


def answered(file: str, probability: float) -> FilmOutcome:
    return FilmOutcome(file, "classified", an_exam(probability=probability).assessment)


def test_a_run_is_summed_up_by_verdict_and_by_reason() -> None:
    damaged = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    outcomes = [
        answered("a", 0.9),
        answered("b", 0.1),
        answered("c", 0.95),
        FilmOutcome("d", "classified"),  # not for this account to see
        FilmOutcome.of_error("e", damaged),
        FilmOutcome.of_error("f", FilmRefused(RefusalCode.NOT_A_CHEST, "A hand.")),
        FilmOutcome.of_error("g", damaged),
        FilmOutcome.of_error("h", StorageUnavailable("The disk is full.")),
        FilmOutcome("i", "not_looked_at"),
    ]
    sums = RunSums.of(outcomes, not_looked_at=2)
    assert (sums.classified, sums.refused, sums.not_done, sums.not_looked_at) == (4, 3, 1, 3)
    assert sums.verdicts == ((Verdict.NORMAL, 1), (Verdict.ABNORMAL, 2))
    assert sums.reasons == (("damaged", 2), ("not_a_chest", 1))


def test_a_run_of_nothing_sums_up_to_nothing() -> None:
    assert RunSums.of(()) == RunSums(0, (), 0, (), 0, 0)


def test_the_cells_are_those_of_the_columns() -> None:
    exam = ExamView.of(an_exam(), with_result=True)
    row = dict(zip(COLUMNS, FilmOutcome.of_exam("a.png", exam).cells, strict=True))
    assert exam.assessment is not None
    assert row["verdict"] == exam.assessment.verdict.value
    assert row["probability"] == exam.assessment.probability
    assert row["exam_id"] == exam.exam_id
    assert row["reason"] is None


def test_a_refusal_is_a_code_and_a_sentence_and_cautions_are_sentences() -> None:
    refused = FilmOutcome.of_error("a", FilmRefused(RefusalCode.TOO_LARGE, "Big.", hint="Look."))
    row = dict(zip(COLUMNS, refused.cells, strict=True))
    assert (row["status"], row["reason"], row["message"]) == ("refused", "too_large", "Big. Look.")
    careful = FilmOutcome("b", "classified", cautions=(Caution("x", "One."), Caution("y", "Two.")))
    assert dict(zip(COLUMNS, careful.cells, strict=True))["cautions"] == "One. Two."


def test_every_reason_has_words() -> None:
    assert reason_words("not_a_chest") == "not a chest"
    assert all("_" not in reason_words(code) for code in RefusalCode)
