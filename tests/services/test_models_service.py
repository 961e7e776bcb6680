from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import ModelUnavailable
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_everybody_may_look(world: World) -> None:
    assert [info.ref.id for info in world.models.packs(world.actor("tech"))] == ["fake", "other"]
    assert world.audit.log == []


def test_activating_a_model_is_noted_with_its_hash(world: World) -> None:
    info = world.models.activate(world.actor("admin"), "other")
    assert info.active
    (event,) = world.audit.log
    assert (event.action, event.user, event.subject) == (
        AuditAction.MODEL_CHANGED,
        "admin",
        "other",
    )
    assert event.detail == {"what": "activated", "version": "2.0", "sha256": "d" * 64}


def test_an_imported_model_is_noted_and_not_active(world: World) -> None:
    info = world.models.import_pack(world.actor("admin"), Path("mine"))
    assert not info.active
    assert world.audit.log[-1].detail["what"] == "imported"


def test_a_model_that_cannot_be_activated_changes_and_notes_nothing(world: World) -> None:
    with pytest.raises(ModelUnavailable):
        world.models.activate(world.actor("admin"), "unknown")
    assert world.catalog.infos["fake"].active
    assert world.audit.log == []
