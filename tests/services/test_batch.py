from pathlib import Path

import pytest

from cxr_desktop.domain.errors import (
    FilmRefused,
    InvalidRequest,
    JobCancelled,
    RefusalCode,
    StorageUnavailable,
)
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.services.batch import each_film
from tests.support.engine_fakes import Recorder

FILMS = [Path("a.png"), Path("b.png"), Path("c.png")]


def name_of(path: Path, job: JobContext) -> str:
    """Give the name back; refuse “b”."""
    job.report("Working", 0.5)
    if path.stem == "b":
        raise FilmRefused(RefusalCode.DAMAGED, "Damaged.")
    return path.name


def test_a_refused_film_does_not_stop_the_rest() -> None:
    outcomes = list(each_film(FILMS, name_of, NoProgress()))
    assert [outcome.path for outcome in outcomes] == FILMS
    assert [outcome.result for outcome in outcomes] == ["a.png", None, "c.png"]
    assert [outcome.refusal and outcome.refusal.code for outcome in outcomes] == [
        None,
        "damaged",
        None,
    ]


def test_progress_runs_over_all_films_and_names_the_place() -> None:
    job = Recorder()
    list(each_film(FILMS, name_of, job))
    steps = [step for step, _ in job.reports]
    fractions = [fraction for _, fraction in job.reports]
    assert (steps[1], steps[-1]) == ("Working (1 of 3)", "Working (3 of 3)")
    assert fractions[1] == pytest.approx(0.5 / 3)
    assert fractions[-1] == pytest.approx(2.5 / 3)
    assert fractions == sorted(fractions)


def test_no_film_at_all_is_said() -> None:
    with pytest.raises(InvalidRequest, match="no film"):
        list(each_film([], name_of, NoProgress()))


@pytest.mark.parametrize("error", [StorageUnavailable("Full."), JobCancelled(), KeyError("bug")])
def test_what_concerns_every_film_ends_the_batch_and_keeps_what_is_done(error: Exception) -> None:
    def work(path: Path, job: JobContext) -> str:
        if path.stem == "c":
            raise error
        return path.name

    outcomes = each_film(FILMS, work, NoProgress())
    assert [next(outcomes).result, next(outcomes).result] == ["a.png", "b.png"]
    with pytest.raises(type(error)):
        next(outcomes)


def test_a_film_is_worked_on_only_when_it_is_asked_for() -> None:
    worked = []

    def work(path: Path, job: JobContext) -> None:
        worked.append(path.name)

    outcomes = each_film(FILMS, work, NoProgress())
    next(outcomes)
    assert worked == ["a.png"]
