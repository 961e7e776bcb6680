from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import (
    FilmRefused,
    JobCancelled,
    ModelUnavailable,
    PermissionDenied,
    RefusalCode,
    StorageUnavailable,
)
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.services.assess import AssessFilm
from cxr_desktop.services.exam_parts import merge_study
from tests.support.engine_fakes import (
    CancelAt,
    FakeCheck,
    FakeClassifiers,
    FakeReader,
    Recorder,
    fake_prepare,
)
from tests.support.examples import an_event
from tests.support.world import World

STEPS = ["Reading the film", "Checking the film", "Loading the model", "Running the model"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def nothing_stored(world: World) -> bool:
    archive = world.archive
    return not (world.history.records or archive.films or archive.thumbnails or archive.staged)


@pytest.mark.parametrize(
    "grey,verdict", [(0, "normal"), (128, "uncertain"), (230, "abnormal"), (255, "abnormal")]
)
def test_a_film_is_classified_and_stored_as_shown(world: World, grey: int, verdict: str) -> None:
    view = world.exam("doc", grey)
    assert view.assessment is not None
    assert view.assessment.verdict == verdict
    assert view.assessment.probability == pytest.approx(grey / 255)
    record = world.history.get(view.exam_id)
    assert record.assessment is view.assessment
    assert (record.user, record.time.tzinfo) == ("doc", UTC)
    assert world.archive.films[record.film.sha256] == (world.folder / "film.png").read_bytes()
    assert world.archive.thumbnail(record.film.sha256) == b"small"


def test_exam_and_event_name_film_and_model_but_no_answer_and_no_patient(world: World) -> None:
    world.reader.study = StudyInfo(patient_name="Doe^Jane", patient_id="P-77")
    view = world.exam("doc")
    event = world.audit.log[-1]
    assert (event.action, event.subject) == (AuditAction.FILM_CLASSIFIED, view.exam_id)
    assert event.detail == {"film": view.film.sha256, "model": "fake"}
    assert "Doe" not in repr(world.audit.log)
    assert "P-77" not in repr(world.audit.log)


def test_progress_goes_through_all_steps_and_never_back(world: World) -> None:
    job = Recorder()
    world.classify(world.actor("doc"), world.film(), job)
    assert [step for step, _ in job.reports] == [*STEPS, "Storing the answer"]
    fractions = [fraction for _, fraction in job.reports]
    assert fractions == sorted(fractions)
    assert 0.0 <= fractions[0] <= fractions[-1] <= 1.0


@pytest.mark.parametrize("step", [*STEPS, "Storing the answer"])
def test_cancelled_before_it_is_stored_nothing_is_stored(world: World, step: str) -> None:
    with pytest.raises(JobCancelled):
        world.classify(world.actor("doc"), world.film(), CancelAt(step))
    assert nothing_stored(world)
    assert world.audit.log == []


def test_a_refused_film_is_noted_and_never_stored(world: World) -> None:
    world.reader.refuses["film.png"] = RefusalCode.DAMAGED
    with pytest.raises(FilmRefused):
        world.exam()
    assert nothing_stored(world)
    event = world.audit.log[-1]
    assert (event.action, event.detail) == (AuditAction.FILM_REFUSED, {"code": "damaged"})
    assert "film.png" not in repr(world.audit.log)


def test_a_film_the_model_is_not_for_is_noted_and_never_stored(world: World) -> None:
    world.check.refusal = FilmRefused(RefusalCode.NOT_A_CHEST, "This is no chest.")
    with pytest.raises(FilmRefused):
        world.exam()
    assert nothing_stored(world)
    assert world.classifiers.classifier.runs == 0
    assert world.actions() == [AuditAction.FILM_REFUSED]


def test_a_film_that_the_models_gate_refuses_is_noted_and_never_stored(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_model_input: object) -> None:
        raise FilmRefused(RefusalCode.NOT_UPRIGHT, "The film seems to be upside down.")

    monkeypatch.setattr(world.classifiers.classifier, "assess", refuse)
    with pytest.raises(FilmRefused):
        world.exam()
    assert nothing_stored(world)
    assert world.actions() == [AuditAction.FILM_REFUSED]
    assert world.audit.log[-1].detail == {"code": "not_upright"}


def test_a_file_that_changed_between_opening_and_run_is_refused(world: World) -> None:
    actor, path = world.actor("doc"), world.film()
    film = world.classify.open(actor, path, NoProgress())
    path.write_bytes(b"another patient")
    with pytest.raises(FilmRefused) as caught:
        world.classify.run(actor, film, NoProgress())
    assert caught.value.refusal is RefusalCode.CHANGED
    assert nothing_stored(world)


def test_a_file_that_is_gone_at_run_is_refused(world: World) -> None:
    actor, path = world.actor("doc"), world.film()
    film = world.classify.open(actor, path, NoProgress())
    path.unlink()
    with pytest.raises(FilmRefused):
        world.classify.run(actor, film, NoProgress())
    assert nothing_stored(world)


def test_without_a_model_nothing_is_stored(world: World) -> None:
    world.classifiers.fails_with = ModelUnavailable("No model is installed.")
    with pytest.raises(ModelUnavailable):
        world.exam()
    assert nothing_stored(world)


@pytest.mark.parametrize("part", ["archive", "history"])
def test_an_answer_that_cannot_be_stored_is_not_shown(world: World, part: str) -> None:
    failing = world.archive if part == "archive" else world.history
    failing.fails_with = StorageUnavailable("The disk is full.")
    with pytest.raises(StorageUnavailable):
        world.exam()
    assert world.history.records == []
    assert world.audit.log == []
    failing.fails_with = None
    assert world.exam().assessment is not None


def test_a_technician_gets_no_answer_though_it_is_stored(world: World) -> None:
    view = world.exam("tech")
    assert view.assessment is None
    assert world.history.get(view.exam_id).assessment.verdict is Verdict.ABNORMAL


def test_a_permission_that_was_taken_away_acts_before_the_run(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    world.users.save_group(Group("Doctors", frozenset({Permission.SEE_RESULT})), an_event())
    with pytest.raises(PermissionDenied):
        world.classify.run(actor, film, NoProgress())
    assert nothing_stored(world)


def test_what_was_typed_fills_gaps_and_never_overrides_the_file(world: World) -> None:
    world.reader.study = StudyInfo(patient_name="Doe^Jane", birth_date=date(1970, 1, 31))
    typed = StudyInfo(patient_name="Typed", patient_id="P-9", birth_date=date(2000, 1, 1))
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    study = world.classify.run(actor, film, NoProgress(), typed).study
    assert study == StudyInfo("Doe^Jane", "P-9", date(1970, 1, 31))


def test_merging_nothing_changes_nothing() -> None:
    study = StudyInfo(patient_name="Doe^Jane")
    assert merge_study(study, None) is study
    assert merge_study(study, StudyInfo()) == study


def test_the_same_film_may_be_classified_again_as_another_exam(world: World) -> None:
    first, second = world.exam(), world.exam()
    assert first.exam_id != second.exam_id
    assert len(world.archive.films) == 1


def test_cautions_of_film_and_check_are_kept_once_each(world: World) -> None:
    spacing, lateral = Caution("spacing", "No spacing."), Caution("rotated", "Is it rotated?")
    same_in_other_words = Caution("spacing", "Spacing is not known.")
    world.reader.cautions = (spacing,)
    world.check.cautions = (same_in_other_words, lateral)
    assert world.exam().cautions == (spacing, lateral)


def test_times_of_the_three_parts_are_measured_apart(tmp_path: Path) -> None:
    ticks = iter([1.0, 1.2, 5.0, 5.03])
    assess = AssessFilm(
        FakeReader(), FakeCheck(), fake_prepare, FakeClassifiers(), clock=lambda: next(ticks)
    )
    path = tmp_path / "a.png"
    path.write_bytes(b"\x10")
    timings = assess(path, NoProgress()).assessment.timings
    assert timings.read == pytest.approx(200)
    assert timings.prepare == pytest.approx(30)
    assert timings.infer == pytest.approx(5.0)
    assert timings.total == pytest.approx(235)


@pytest.mark.parametrize("name", ["caf\udce9.png", "caf\x1b[2J.png", "caf\n.png"])
def test_a_strange_file_name_is_kept_as_text_that_can_be_stored_and_shown(
    world: World, name: str
) -> None:
    actor, path = world.actor("doc"), world.film()
    film = world.classify.open(actor, path, NoProgress())
    named = replace(film, radiograph=replace(film.radiograph, file_name=name))
    kept = world.classify.run(actor, named, NoProgress()).film.file_name
    assert kept.isprintable()
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert (kept[:3], kept[-4:]) == ("caf", ".png")


def test_a_film_that_was_got_ready_is_answered_and_stored_as_any_other(world: World) -> None:
    actor, job = world.actor("doc"), Recorder()
    film = world.classify.open(actor, world.film(230), NoProgress())
    ready = world.classify.get_ready(actor, film, NoProgress())
    assert world.archive.films == {}
    assert world.actions() == []
    view = world.classify.run(actor, film, job, ready=ready)
    assert view.assessment is not None
    assert view.assessment.probability == pytest.approx(230 / 255)
    assert [step for step, _ in job.reports] == ["Running the model", "Storing the answer"]
    assert world.archive.films[view.film.sha256] == film.path.read_bytes()
    assert world.archive.thumbnail(view.film.sha256) == b"small"
    assert world.archive.staged == {}


def test_a_film_that_was_got_ready_is_kept_as_it_was_read(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    content = film.path.read_bytes()
    ready = world.classify.get_ready(actor, film, NoProgress())
    film.path.write_bytes(b"another patient")
    view = world.classify.run(actor, film, NoProgress(), ready=ready)
    assert world.archive.films == {view.film.sha256: content}


def test_a_file_that_changed_before_it_was_got_ready_is_refused(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    film.path.write_bytes(b"another patient")
    ready = world.classify.get_ready(actor, film, NoProgress())
    with pytest.raises(FilmRefused) as caught:
        world.classify.run(actor, film, NoProgress(), ready=ready)
    assert caught.value.refusal is RefusalCode.CHANGED
    world.classify.forget(ready)
    assert nothing_stored(world)


def test_what_was_got_ready_and_then_lost_is_stored_from_the_file(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    ready = world.classify.get_ready(actor, film, NoProgress())
    world.classify.forget(ready)
    assert nothing_stored(world)
    view = world.classify.run(actor, film, NoProgress(), ready=ready)
    assert world.archive.films[view.film.sha256] == film.path.read_bytes()
    assert world.archive.thumbnail(view.film.sha256) == b"small"


def test_what_was_got_ready_of_the_film_read_otherwise_is_not_used(world: World) -> None:
    actor, job = world.actor("doc"), Recorder()
    film = world.classify.open(actor, world.film(230), NoProgress())
    ready = world.classify.get_ready(actor, film, NoProgress())
    turned = world.classify.turn(film)
    view = world.classify.run(actor, turned, job, ready=ready)
    assert "Checking the film" in [step for step, _ in job.reports]
    assert view.assessment is not None
    assert view.assessment.probability == pytest.approx(25 / 255)


def test_another_model_since_it_was_got_ready_gets_its_own_input(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    ready = world.classify.get_ready(actor, film, NoProgress())
    assert ready.prepared is not None
    spec = replace(ready.prepared.spec, width=ready.prepared.spec.width + 1)
    stale = replace(ready, prepared=replace(ready.prepared, spec=spec))
    job = Recorder()
    world.classify.run(actor, film, job, ready=stale)
    assert "Checking the film" in [step for step, _ in job.reports]


def test_whoever_may_not_run_films_gets_none_ready_and_is_not_accused(world: World) -> None:
    world.users.save_group(Group("Doctors", frozenset({Permission.IMPORT})), an_event())
    world.audit.log.clear()
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    with pytest.raises(PermissionDenied):
        world.classify.get_ready(actor, film, NoProgress())
    assert nothing_stored(world)
    assert world.audit.log == []


def test_cancelled_while_it_is_got_ready_leaves_nothing(world: World) -> None:
    actor = world.actor("doc")
    film = world.classify.open(actor, world.film(), NoProgress())
    with pytest.raises(JobCancelled):
        world.classify.get_ready(actor, film, CancelAt(""))
    assert nothing_stored(world)
