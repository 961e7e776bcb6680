"""Who may see and keep measurements, and what is kept of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.measurement import MOST, Measurement, MeasurementKind
from cxr_desktop.domain.roles import Group, Permission
from tests.support.examples import an_event
from tests.support.world import World

LINE = Measurement(MeasurementKind.LENGTH, ((0.5, 1.0), (2.0, 1.25)))
RATIO = Measurement(MeasurementKind.RATIO, ((0.5, 0.5), (1.5, 0.5), (0.0, 1.0), (2.0, 1.0)))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_measurements_come_back_with_the_exam_and_leave_its_answer_alone(world: World) -> None:
    exam = world.exam("doc")
    before = world.history.get(exam.exam_id)
    assert world.measurements.of(world.actor("doc"), exam.exam_id) == ()
    world.clock.forward(60)
    kept = world.measurements.keep(world.actor("rad"), exam.exam_id, [LINE, RATIO])
    assert (kept.user, kept.time) == ("rad", world.clock())
    assert world.measurements.of(world.actor("doc"), exam.exam_id) == (LINE, RATIO)
    assert world.history.get(exam.exam_id) is before


def test_the_latest_set_counts_even_an_empty_one(world: World) -> None:
    exam = world.exam("doc")
    for measured in ([LINE], [LINE, RATIO], []):
        world.measurements.keep(world.actor("doc"), exam.exam_id, measured)
    assert world.measurements.of(world.actor("doc"), exam.exam_id) == ()


def test_that_an_exam_was_measured_is_noted_without_figures(world: World) -> None:
    exam = world.exam("doc")
    world.measurements.keep(world.actor("doc"), exam.exam_id, [LINE])
    event = world.audit.log[-1]
    assert (event.action, event.user, event.subject, dict(event.detail)) == (
        AuditAction.EXAM_MEASURED, "doc", exam.exam_id, {"measurements": "1"},
    )  # fmt: skip


def test_another_users_exam_is_neither_seen_nor_measured(world: World) -> None:
    exam = world.exam("rad")
    with pytest.raises(PermissionDenied):
        world.measurements.of(world.actor("doc"), exam.exam_id)
    with pytest.raises(PermissionDenied):
        world.measurements.keep(world.actor("doc"), exam.exam_id, [LINE])
    assert world.measurements.of(world.actor("rad"), exam.exam_id) == ()


def test_who_may_only_look_may_not_measure(world: World) -> None:
    exam = world.exam("doc")
    doctor = world.actor("doc")
    looking = Group("Doctors", frozenset({Permission.SEE_RESULT}))
    world.users.save_group(looking, an_event(AuditAction.GROUP_CHANGED))
    with pytest.raises(PermissionDenied):
        world.measurements.keep(doctor, exam.exam_id, [LINE])
    assert world.measurements.of(doctor, exam.exam_id) == ()


def test_points_off_the_film_too_many_and_unknown_exams_are_refused(world: World) -> None:
    doctor, exam = world.actor("doc"), world.exam("doc")
    far = Measurement(MeasurementKind.LENGTH, ((1.0, 2.0), (99999.0, 4.5)))
    for exam_id, measured in (
        (exam.exam_id, [far]), (exam.exam_id, [LINE] * (MOST + 1)), ("no such", [LINE]),
    ):  # fmt: skip
        with pytest.raises(InvalidRequest):
            world.measurements.keep(doctor, exam_id, measured)
    assert world.measurements.of(doctor, exam.exam_id) == ()
