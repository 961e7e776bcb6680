from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.dicom_out import DicomPart, Shape
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied, StorageUnavailable
from cxr_desktop.domain.measurement import Measurement, MeasurementKind
from cxr_desktop.domain.ports import NoProgress
from tests.support.report_fakes import pdf_of
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.exam("doc")
    return made


def export(world: World, *parts: DicomPart, person: str = "rad") -> list[str]:
    paths = world.out.dicom(
        world.actor(person), "exam-1", world.folder / "out", parts, NoProgress(), make_pdf=pdf_of
    )
    return [path.name for path in paths]


def test_the_parts_are_saved_under_the_exams_id_and_noted(world: World) -> None:
    names = export(world, *DicomPart)
    assert names == ["exam-1-sr.dcm", "exam-1-picture.dcm", "exam-1-pdf.dcm"]
    assert world.dicom.saved["exam-1-pdf.dcm"] == b"pdf of exam-1"
    event = world.audit.log[-1]
    assert (event.action, event.user) == (AuditAction.EXAM_EXPORTED, "rad")
    assert (event.subject, event.detail) == ("exam-1", {"as": "sr picture pdf"})
    order = world.dicom.orders[0]
    assert order.exam.assessment is not None
    assert len(set(order.uids)) == len(order.uids)


def test_what_was_measured_last_is_laid_over_the_film_with_the_contour_of_the_map(
    world: World,
) -> None:
    record = world.history.records[0]
    film = replace(record.film, file_format="DICOM", rows=40, columns=60)
    world.history.records[0] = replace(record, film=film)
    line = Measurement(MeasurementKind.LENGTH, ((1, 2), (4, 2)))
    given = Measurement(MeasurementKind.CALIBRATION, ((0, 0), (10, 0)), 20.0)
    world.measurements.keep(world.actor("rad"), "exam-1", [line, given])
    assert export(world, DicomPart.STATE) == ["exam-1-measurements.dcm"]
    shapes = world.dicom.orders[0].shapes
    assert shapes is not None
    assert shapes[:2] == (
        Shape("Length 6.0 mm, calibrated by hand", (((1, 2), (4, 2)),)),
        Shape("Calibrated by hand: 20.0 mm", (((0, 0), (10, 0)),)),
    )
    assert all("not the outline of a lesion" in shape.words for shape in shapes[2:])
    assert world.audit.log[-1].detail == {"as": "measurements"}


def test_nothing_of_the_answer_leaves_before_the_own_reading(world: World) -> None:
    world.let_rad_read_first()
    with pytest.raises(InvalidRequest, match="your own reading comes first"):
        export(world, DicomPart.PICTURE)
    assert world.dicom.orders == []
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.ABNORMAL, "")
    assert export(world, DicomPart.PICTURE) == ["exam-1-picture.dcm"]


def test_only_what_was_chosen_is_drawn(world: World) -> None:
    assert export(world, DicomPart.PICTURE) == ["exam-1-picture.dcm"]
    order = world.dicom.orders[0]
    assert (order.report, order.pdf) == (False, None)
    assert AuditAction.REPORT_MADE not in world.actions()


def test_nothing_chosen_and_a_report_that_points_at_nothing_are_refused(world: World) -> None:
    with pytest.raises(InvalidRequest, match="Nothing was chosen"):
        export(world)
    with pytest.raises(InvalidRequest, match="point at a DICOM picture"):
        export(world, DicomPart.REPORT)
    with pytest.raises(InvalidRequest, match="laid over a DICOM film"):
        export(world, DicomPart.STATE)
    assert world.dicom.saved == {}


def test_a_file_that_is_there_is_never_replaced(world: World) -> None:
    folder = world.folder / "out"
    folder.mkdir()
    (folder / "exam-1-sr.dcm").write_bytes(b"older")
    with pytest.raises(InvalidRequest, match="already"):
        export(world, *DicomPart)
    assert world.dicom.saved == {}
    assert AuditAction.EXAM_EXPORTED not in world.actions()


def test_without_the_permission_or_the_film_nothing_leaves(world: World) -> None:
    with pytest.raises(PermissionDenied):
        export(world, *DicomPart, person="doc")
    world.archive.films.clear()
    with pytest.raises(StorageUnavailable):
        export(world, *DicomPart)
    assert world.dicom.saved == {}


def test_a_pdf_needs_the_window(world: World) -> None:
    with pytest.raises(InvalidRequest, match="window"):
        world.out.dicom(world.actor("rad"), "exam-1", world.folder, [DicomPart.PDF], NoProgress())
