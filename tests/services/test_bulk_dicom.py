from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.errors import (
    InvalidRequest,
    JobCancelled,
    PermissionDenied,
    StorageUnavailable,
)
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.services.bulk_dicom import WrittenAnswers
from tests.support.report_fakes import pdf_of
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.three_exams()
    return made


def write(
    world: World,
    *parts: DicomPart,
    query: HistoryQuery | None = None,
    job: JobContext | None = None,
    person: str = "rad",
) -> WrittenAnswers:
    return world.out.answers(
        world.actor(person),
        query or HistoryQuery(),
        world.folder,
        parts or tuple(DicomPart),
        job or NoProgress(),
        make_pdf=pdf_of,
    )


def test_every_exam_gets_the_parts_that_were_chosen_and_all_is_noted(world: World) -> None:
    assert write(world) == WrittenAnswers(3, 0, 0, ())
    assert len(world.dicom.saved) == 9
    exported = [e for e in world.audit.log if e.action is AuditAction.HISTORY_EXPORTED]
    assert [event.detail for event in exported] == [
        {"exams": "3", "kind": "dicom", "as": "measurements pdf picture sr"}
    ]
    each = [e.subject for e in world.audit.log if e.action is AuditAction.EXAM_EXPORTED]
    assert sorted(each) == ["exam-1", "exam-2", "exam-3"]


def test_measurements_are_laid_over_dicom_films_only_and_written_once(world: World) -> None:
    record = world.history.records[0]
    film = replace(record.film, file_format="DICOM")
    world.history.records[0] = replace(record, film=film)
    parts = (DicomPart.PICTURE, DicomPart.STATE)
    assert write(world, *parts).written == 3
    assert sorted(world.dicom.saved) == [
        "exam-1-measurements.dcm",
        *(f"exam-{number}-picture.dcm" for number in (1, 2, 3)),
    ]
    for name, content in world.dicom.saved.items():
        (world.folder / name).write_bytes(content)
    assert write(world, *parts) == WrittenAnswers(0, 3, 0, ())
    alone = write(world, DicomPart.STATE)
    assert (alone.there_already, len(alone.left_out)) == (1, 2)
    assert "this film is none" in alone.left_out[0][1]


def test_a_selection_is_written_and_nothing_else(world: World) -> None:
    picked = HistoryQuery(exam_ids=("exam-1", "exam-3"))
    assert write(world, DicomPart.PICTURE, query=picked).written == 2
    assert sorted(world.dicom.saved) == ["exam-1-picture.dcm", "exam-3-picture.dcm"]


def test_after_a_cancel_what_is_there_is_not_written_again(world: World) -> None:
    class StopsAtSecond:
        def report(self, step: str, fraction: float) -> None:
            if step.startswith("Exam 2"):
                raise JobCancelled

    with pytest.raises(JobCancelled):
        write(world, job=StopsAtSecond())
    assert len(world.dicom.saved) == 3
    for name, content in world.dicom.saved.items():
        (world.folder / name).write_bytes(content)
    assert write(world) == WrittenAnswers(2, 1, 0, ())


def test_what_cannot_be_written_is_left_out_and_said(world: World) -> None:
    first = world.history.records[0].film.sha256
    film = world.archive.films.pop(first)
    made = write(world)
    assert (made.written, [exam_id for exam_id, _ in made.left_out]) == (2, ["exam-1"])
    assert "gone" in made.left_out[0][1]
    world.archive.films[first] = film
    alone = write(world, DicomPart.REPORT)  # of a PNG there is nothing to point at
    assert len(alone.left_out) == 3
    assert all("Choose the picture as well" in reason for _, reason in alone.left_out)


def test_a_full_disk_stops_it(world: World) -> None:
    class Full(dict[str, bytes]):
        def __setitem__(self, name: str, content: bytes) -> None:
            raise StorageUnavailable("The disk is full.")

    world.dicom.saved = Full()
    with pytest.raises(StorageUnavailable, match="full"):
        write(world)


def test_exams_that_must_be_read_first_are_counted(world: World) -> None:
    world.let_rad_read_first()
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.NORMAL)
    assert write(world) == WrittenAnswers(1, 0, 2, ())


def test_without_the_permission_an_exam_or_a_choice_nothing_is_written(world: World) -> None:
    with pytest.raises(PermissionDenied):
        write(world, person="doc")
    with pytest.raises(InvalidRequest, match="no exam"):
        write(world, query=HistoryQuery(text="nobody"))
    with pytest.raises(InvalidRequest, match="chosen"):
        world.out.answers(
            world.actor("rad"), HistoryQuery(), world.folder, (), NoProgress(), make_pdf=None
        )
    assert world.dicom.saved == {}
