from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints, Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.performance import NOT_MEASURED
from cxr_desktop.domain.threshold_wizard import Proposal
from tests.support.engine_fakes import MODEL
from tests.support.world import World

LOW = OperatingPoints(0.05, 0.1)
PROPOSAL = Proposal(LOW, 20, 10, 300, 400, 7, 9, 0.045, 0.04, NOT_MEASURED, NOT_MEASURED)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_new_verdicts_use_the_choice_and_stored_ones_stay(world: World) -> None:
    before = world.exam("rad", 60)  # P(abnormal) 0.235: below the model's 0.3
    world.site_points.choose(world.actor("admin"), MODEL, PROPOSAL)
    after = world.exam("rad", 60)
    assert before.assessment is not None
    assert after.assessment is not None
    assert before.assessment.verdict is Verdict.NORMAL
    assert after.assessment.verdict is Verdict.ABNORMAL
    assert after.assessment.points == LOW
    assert after.assessment.probability == before.assessment.probability
    stored = world.history.get(before.exam_id).assessment
    assert (stored.verdict, stored.points) == (Verdict.NORMAL, before.assessment.points)


def test_another_network_voids_the_choice(world: World) -> None:
    world.site_points.choose(world.actor("admin"), MODEL, PROPOSAL)
    assert world.site_points.in_use(MODEL) == LOW
    same_name = ModelRef(MODEL.id, MODEL.version, "d" * 64)
    assert world.site_points.in_use(same_name) is None


def test_the_choice_is_noted_and_can_be_taken_back_not_undone(world: World) -> None:
    admin = world.actor("admin")
    with pytest.raises(InvalidRequest, match="own operating points"):
        world.site_points.withdraw(admin)
    made = world.site_points.choose(admin, MODEL, PROPOSAL)
    event = world.audit.log[-1]
    assert event.action is AuditAction.OPERATING_POINTS_CHOSEN
    assert event.detail["miss_at_most"] == "1 in 20"
    back = world.site_points.withdraw(admin)
    assert world.site_points.in_use(MODEL) is None
    assert world.site_points.choices(admin) == (back, made)
    assert world.actions()[-1] is AuditAction.OPERATING_POINTS_CHOSEN


def test_looking_needs_quality_and_choosing_managing_models(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.site_points.choices(world.actor("doc"))
    assert world.site_points.choices(world.actor("rad")) == ()
    with pytest.raises(PermissionDenied):
        world.site_points.choose(world.actor("rad"), MODEL, PROPOSAL)
    assert world.site_points.in_use(MODEL) is None
