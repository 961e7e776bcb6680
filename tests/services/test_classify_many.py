"""Many films at once: in order, each once, only what may be seen counts, and it can be stopped."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, PermissionDenied, RefusalCode
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import User
from cxr_desktop.domain.staged import StagedFilm
from cxr_desktop.services.assess import AssessFilm, assessed_film
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify_many import TOGETHER, ClassifyMany
from tests.support.engine_fakes import fake_prepare
from tests.support.examples import an_event
from tests.support.world import World


class Ward:
    """A world, what assesses in threads, and what those were given."""

    def __init__(self, folder: Path) -> None:
        self.world = world = World(folder)
        self.many = ClassifyMany(world.classify, world.history, world.access)
        assess = AssessFilm(world.reader, world.check, fake_prepare, world.classifiers)
        self.given: list[str] = []

        def work(path: Path, job: JobContext) -> AssessedFilm:
            self.given.append(path.name)
            return assessed_film(assess(path, job), lambda radiograph: b"small")

        self.mapper = ThreadMapper(work)

    def run(
        self, *films: Path, user: str = "doc", job: JobContext | None = None, again: bool = False
    ) -> Iterator[FileOutcome[ExamView]]:
        actor = self.world.actor(user)
        return self.many(actor, films, self.mapper, job or NoProgress(), again=again)


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = Ward(tmp_path)
    with made.mapper:
        yield made


def films_of(ward: Ward, count: int) -> list[Path]:
    return [ward.world.film(10 * n % 256, f"{n}.png") for n in range(count)]


def test_exams_are_stored_in_the_order_of_the_films(ward: Ward) -> None:
    films = films_of(ward, 12)
    outcomes = list(ward.run(*films))
    assert [outcome.path for outcome in outcomes] == films
    stored = [record.film.file_name for record in ward.world.history.records]
    assert stored == [film.name for film in films]
    assert all(outcome.result is not None for outcome in outcomes)


def test_the_answer_is_the_one_that_a_film_alone_gets(ward: Ward) -> None:
    film = ward.world.film(230)
    alone = ward.world.classify(ward.world.actor("doc"), film, NoProgress())
    (together,) = ward.run(film, again=True)
    assert together.result is not None
    one, other = alone.assessment, together.result.assessment
    assert one is not None
    assert other is not None
    assert (other.probability, other.model) == (one.probability, one.model)


def test_no_more_films_are_under_way_than_the_mapper_takes(ward: Ward) -> None:
    outcomes = ward.run(*films_of(ward, 12))
    next(outcomes)
    assert len(ward.given) <= ward.mapper.ahead


def test_a_film_is_done_once_by_its_bytes_and_the_model(ward: Ward) -> None:
    films = films_of(ward, 3)
    first = [outcome.result for outcome in ward.run(*films)]
    ward.given.clear()
    films[1].rename(films[1].with_name("renamed.png"))
    again = list(ward.run(films[0], films[1].with_name("renamed.png"), films[2]))
    assert [one.stored_before for one in again] == [one.exam_id for one in first if one]
    assert ward.given == []
    assert len(list(ward.run(*films[::2], again=True))) == 2
    assert len(ward.world.history.records) == 5


def test_the_same_bytes_twice_in_one_run_are_stored_once(ward: Ward) -> None:
    film = ward.world.film()
    copy = film.with_name("copy.png")
    copy.write_bytes(film.read_bytes())
    first, second = ward.run(film, copy)
    assert first.result is not None
    assert second.stored_before == first.result.exam_id


def test_a_film_that_changes_while_it_is_under_way_is_refused_and_the_rest_stored(
    ward: Ward,
) -> None:
    films = films_of(ward, 3)
    stage = ward.world.archive.stage

    def too_late(path: Path, thumbnail: bytes) -> StagedFilm:
        if path == films[1]:
            path.write_bytes(b"another film")
        return stage(path, thumbnail)

    ward.world.archive.stage = too_late  # type: ignore[method-assign] # the disk between two reads
    outcomes = list(ward.run(*films))
    assert [one.refusal.refusal if one.refusal else None for one in outcomes] == [
        None, RefusalCode.CHANGED, None,
    ]  # fmt: skip
    stored = [record.film.file_name for record in ward.world.history.records]
    assert stored == [films[0].name, films[2].name]
    assert ward.world.archive.staged == {}
    assert len(ward.world.archive.films) == 2


def test_a_run_that_was_cut_off_goes_on_where_it_was(ward: Ward) -> None:
    films = films_of(ward, 40)
    done = list(ward.run(*films[:20]))
    ward.given.clear()
    outcomes = list(ward.run(*films))
    assert [one.stored_before for one in outcomes[:20]] == [
        one.result.exam_id for one in done if one.result
    ]
    assert all(one.result for one in outcomes[20:])
    assert sorted(ward.given) == sorted(film.name for film in films[20:])


def test_films_that_were_done_among_others_are_not_stored_again(ward: Ward) -> None:
    films = films_of(ward, 40)
    list(ward.run(*films[1::4]))
    outcomes = list(ward.run(*films))
    assert [bool(one.stored_before) for one in outcomes] == [n % 4 == 1 for n in range(40)]
    assert len(ward.world.history.records) == 40
    assert ward.world.archive.staged == {}


def test_a_negative_that_was_turned_is_turned_when_it_is_run_again(ward: Ward) -> None:
    world, (negative, other) = ward.world, films_of(ward, 2)
    doc = world.actor("doc")
    world.classify.run(
        doc, world.classify.turn(world.classify.open(doc, negative, NoProgress())), NoProgress()
    )
    before = world.history.records[0]
    older = replace(before.assessment, model=replace(before.assessment.model, version="0.0.1"))
    world.history.records[0] = replace(before, assessment=older)  # whatever model answered
    outcomes = list(ward.run(negative, other, again=True))
    assert [outcome.path for outcome in outcomes] == [negative, other]
    turned, as_it_is = world.history.records[1:]
    assert is_turned(turned.cautions)
    assert turned.assessment.probability == before.assessment.probability
    assert not is_turned(as_it_is.cautions)
    assert ward.given == [other.name]


def test_what_was_typed_for_a_film_is_stored_with_it(ward: Ward) -> None:
    films = films_of(ward, 2)
    typed = {films[1]: StudyInfo(patient_id="P-7")}
    actor = ward.world.actor("doc")
    outcomes = list(ward.many(actor, films, ward.mapper, NoProgress(), typed=typed))
    ids = [one.result.study.patient_id for one in outcomes if one.result is not None]
    assert ids == ["", "P-7"]


def test_another_model_is_another_answer(ward: Ward) -> None:
    film = ward.world.film()
    list(ward.run(film))
    record = ward.world.history.records[0]
    older = replace(record.assessment.model, version="0.0.1")
    ward.world.history.records[0] = replace(
        record, assessment=replace(record.assessment, model=older)
    )
    (outcome,) = ward.run(film)
    assert outcome.result is not None


def test_what_one_may_not_see_or_what_was_deleted_does_not_count(ward: Ward) -> None:
    film = ward.world.film()
    (first,) = ward.run(film, user="admin")
    assert first.result is not None
    (of_tech,) = ward.run(film, user="tech")  # sees only their own exams
    assert of_tech.result is not None
    (once_more,) = ward.run(film, user="tech")
    assert once_more.stored_before == of_tech.result.exam_id
    (of_rad,) = ward.run(film, user="rad")
    assert of_rad.stored_before
    admin = ward.world.actor("admin")
    for exam in (first.result, of_tech.result):
        ward.world.deleting.delete(admin, exam.exam_id, "taken of the wrong person")
    (after,) = ward.run(film, user="rad")
    assert after.result is not None


def test_a_refused_film_does_not_stop_the_rest(ward: Ward) -> None:
    films = films_of(ward, 3)
    ward.world.reader.refuses[films[1].name] = RefusalCode.DAMAGED
    outcomes = list(ward.run(*films))
    assert [outcome.refusal is None for outcome in outcomes] == [True, False, True]


def test_cancelling_stores_nothing_of_what_is_under_way(ward: Ward) -> None:
    class Stop:
        asked = False

        def report(self, step: str, fraction: float) -> None:
            if self.asked:
                raise JobCancelled

    stop = Stop()
    outcomes = ward.run(*films_of(ward, 60), job=stop)
    told = [next(outcomes)]
    stop.asked = True
    with pytest.raises(JobCancelled):
        told.extend(outcomes)
    stored = [record.exam_id for record in ward.world.history.records]
    assert stored == [one.result.exam_id for one in told if one.result is not None]
    assert len(stored) <= TOGETHER
    assert ward.world.archive.staged == {}


def test_no_film_and_no_permission_are_said_at_once(ward: Ward) -> None:
    with pytest.raises(InvalidRequest, match="no film"):
        next(ward.run())
    film = ward.world.film()
    tech = ward.world.actor("tech")
    ward.world.users.update(User("tech", "Tech", "Technicians", disabled=True), an_event())
    with pytest.raises(PermissionDenied):
        next(ward.many(tech, [film], ward.mapper, NoProgress()))
    assert ward.given == []
