"""Earlier films of the same patient: whose, which, in what order, and for whom."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.priors import Prior, names_a_patient
from cxr_desktop.domain.radiograph import StudyInfo
from tests.support.examples import an_event, an_exam
from tests.support.world import World

NEW = StudyInfo(patient_name="Doe^Jane", patient_id="P-1", birth_date=date(1970, 1, 31))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def store(world: World, exam_id: str, *, days: int = 0, **study: object) -> ExamRecord:
    """Store an exam of P-1, run and taken so many days ago."""
    time = world.clock() - timedelta(days=days)
    record = an_exam(exam_id, film=exam_id.encode(), time=time, user="rad")
    taken = {"study_date": time.date()} | study
    record = replace(record, study=replace(record.study, **taken))  # type: ignore[arg-type]  # names of fields
    world.history.add_all([(record, an_event())])
    return record


def found(world: World, study: StudyInfo = NEW, person: str = "rad") -> list[str]:
    """Return the ids of the priors of a film that was not run yet."""
    return [one.exam.exam_id for one in priors(world, study, person)]


def priors(world: World, study: StudyInfo = NEW, person: str = "rad") -> tuple[Prior, ...]:
    return world.priors.of(world.actor(person), study, "f" * 64)


def test_the_same_patient_is_found_the_latest_first(world: World) -> None:
    store(world, "old", days=400)
    store(world, "new", days=3)
    store(world, "stranger", days=3, patient_id="P-2")
    assert found(world) == ["new", "old"]


def test_a_film_without_an_id_has_no_priors(world: World) -> None:
    store(world, "nobody", days=3, patient_id="")
    store(world, "zeros", days=3, patient_id="0000")
    for patient_id in ("", "0000"):
        assert found(world, replace(NEW, patient_id=patient_id)) == []


@pytest.mark.parametrize(
    "patient_id", ["", " ", "0", "000-000", "Unknown", "N/A", "ANONYMOUS", "?"]
)
def test_words_for_unknown_name_no_patient(patient_id: str) -> None:
    assert not names_a_patient(patient_id)


@pytest.mark.parametrize("patient_id", ["7", "P-1", "00012", "No 7", "۱۲۳"])
def test_numbers_and_words_name_a_patient(patient_id: str) -> None:
    assert names_a_patient(patient_id)


def test_another_issuer_is_another_patient_where_both_are_known(world: World) -> None:
    store(world, "ours", days=3, patient_id_issuer="A")
    store(world, "unsaid", days=4)
    assert found(world, replace(NEW, patient_id_issuer="A")) == ["ours", "unsaid"]
    assert found(world, replace(NEW, patient_id_issuer="B")) == ["unsaid"]
    assert found(world) == ["ours", "unsaid"]


def test_a_later_film_and_the_film_itself_are_no_priors(world: World) -> None:
    store(world, "before", days=10)
    this = store(world, "this", days=5)
    store(world, "after", days=2)
    rad = world.actor("rad")
    shown = world.priors.of(rad, this.study, this.film.sha256, this.time)
    assert [one.exam.exam_id for one in shown] == ["before"]


def test_the_day_of_the_study_counts_not_that_of_running(world: World) -> None:
    store(world, "from a disc", study_date=date(2019, 5, 1))
    store(world, "taken tomorrow", days=3, study_date=world.clock().date() + timedelta(days=1))
    assert found(world) == ["from a disc"]


def test_a_film_that_was_run_twice_is_one_prior(world: World) -> None:
    first = store(world, "first", days=9)
    again = replace(first, exam_id="again", time=first.time + timedelta(days=1))
    world.history.add_all([(again, an_event())])
    assert found(world) == ["again"]


def test_only_films_that_the_person_may_see_are_found(world: World) -> None:
    store(world, "of rad", days=3)
    assert found(world, person="doc") == []


def test_another_name_or_birth_date_is_said(world: World) -> None:
    store(world, "same", days=1, patient_name="DOE^JANE^^")
    store(world, "name", days=2, patient_name="Khan^Amina")
    store(world, "birth", days=3, birth_date=date(1950, 1, 1))
    store(world, "unsaid", days=4, patient_name="", birth_date=None)
    assert [one.differs for one in priors(world)] == [False, True, True, False]


def test_the_small_picture_comes_along(world: World) -> None:
    record = store(world, "old", days=3)
    world.archive.thumbnails[record.film.sha256] = b"png"
    assert priors(world)[0].thumbnail == b"png"
