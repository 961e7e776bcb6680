from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_change_is_stored_and_noted_with_both_values(world: World) -> None:
    world.settings.set(world.actor("admin"), "model.device", "cpu")
    assert world.settings.get("model.device") == "cpu"
    (event,) = world.audit.log
    assert (event.action, event.subject) == (AuditAction.SETTING_CHANGED, "model.device")
    assert event.detail == {"from": "auto", "to": "cpu"}


def test_a_setting_for_everybody_needs_no_permission(world: World) -> None:
    world.settings.set(world.actor("tech"), "view.invert", value=True)
    assert world.settings.get("view.invert") is True


def test_a_setting_for_administrators_is_refused_to_others(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.settings.set(world.actor("rad"), "model.device", "cpu")
    assert world.settings.get("model.device") == "auto"


def test_an_unknown_setting_and_a_bad_value_change_and_note_nothing(world: World) -> None:
    admin = world.actor("admin")
    with pytest.raises(InvalidRequest, match="no such setting"):
        world.settings.set(admin, "model.divice", "cpu")
    with pytest.raises(InvalidRequest, match="cannot be used"):
        world.settings.set(admin, "model.device", "bad")
    assert world.store.values == {}
    assert world.audit.log == []


def test_reading_an_unknown_setting_is_a_bug(world: World) -> None:
    with pytest.raises(KeyError):
        world.settings.get("model.divice")


def test_all_settings_are_listed(world: World) -> None:
    assert [row.key for row in world.settings.rows()] == [row.key for row in world.store.rows()]
    assert world.settings.rows()
