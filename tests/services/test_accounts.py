from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PasswordRefused, PermissionDenied
from cxr_desktop.domain.roles import ADMINISTRATORS, Group, Permission
from tests.support.world import PASSWORD, World

NEW = "seven loud summer boats"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_added_account_must_change_its_password(world: World) -> None:
    user = world.accounts.add(world.actor("admin"), " eva ", " Eva\x00 Ek ", "Doctors", PASSWORD)
    assert (user.name, user.full_name, user.must_change_password) == ("eva", "Eva Ek", True)
    assert world.access.sign_in("eva", PASSWORD).user.must_change_password
    event = world.audit.log[0]
    assert (event.action, event.user, event.subject) == (AuditAction.USER_ADDED, "admin", "eva")


def test_users_are_listed_by_name_whatever_the_case(world: World) -> None:
    world.accounts.add(world.actor("admin"), "Bea", "", "Doctors", PASSWORD)
    names = [user.name for user in world.accounts.users(world.actor("admin"))]
    assert names == ["admin", "Bea", "doc", "rad", "tech"]


def test_a_taken_name_in_another_spelling_is_refused(world: World) -> None:
    with pytest.raises(InvalidRequest):
        world.accounts.add(world.actor("admin"), "DOC", "", "Doctors", PASSWORD)


def test_an_unknown_group_a_bad_name_and_a_bad_password_add_nobody(world: World) -> None:
    admin = world.actor("admin")
    before = world.users.users()
    with pytest.raises(InvalidRequest, match="no group"):
        world.accounts.add(admin, "eva", "", "Surgeons", PASSWORD)
    with pytest.raises(InvalidRequest, match="visible characters"):
        world.accounts.add(admin, "e\x1bva", "", "Doctors", PASSWORD)
    with pytest.raises(PasswordRefused):
        world.accounts.add(admin, "eva", "", "Doctors", "short")
    assert world.users.users() == before
    assert world.audit.log == []


def test_only_what_is_given_changes(world: World) -> None:
    changed = world.accounts.change(world.actor("admin"), "DOC", full_name=" Dora ")
    assert (changed.name, changed.full_name, changed.group) == ("doc", "Dora", "Doctors")
    event = world.audit.log[-1]
    assert event.detail == {"group": "Doctors", "disabled": "false"}


def test_an_account_that_does_not_exist_cannot_be_changed(world: World) -> None:
    admin = world.actor("admin")
    with pytest.raises(InvalidRequest, match="no such account"):
        world.accounts.change(admin, "nobody", disabled=True)
    with pytest.raises(InvalidRequest, match="no such account"):
        world.accounts.set_password(admin, "nobody", NEW)


@pytest.mark.parametrize(
    "work",
    [
        lambda w, a: w.accounts.change(a, "admin", group="Doctors"),
        lambda w, a: w.accounts.save_group(a, Group(ADMINISTRATORS, frozenset())),
        lambda w, a: w.accounts.save_group(
            a, Group(ADMINISTRATORS, frozenset(Permission) - {Permission.MANAGE_USERS})
        ),
        lambda w, a: w.accounts.change(a, "admin", denied=frozenset({Permission.MANAGE_USERS})),
    ],
    ids=["regrouped", "group emptied", "group without users", "denied"],
)
def test_the_last_administrator_stays(world: World, work: object) -> None:
    assert callable(work)
    before = (world.users.users(), world.users.groups())
    with pytest.raises(InvalidRequest, match="Nobody would be left"):
        work(world, world.actor("admin"))
    assert (world.users.users(), world.users.groups()) == before


def test_with_a_second_administrator_the_first_may_leave(world: World) -> None:
    admin = world.actor("admin")
    world.accounts.change(admin, "rad", group=ADMINISTRATORS)
    assert world.accounts.change(world.actor("rad"), "admin", disabled=True).disabled


def test_nobody_shuts_their_own_account(world: World) -> None:
    admin = world.actor("admin")
    world.accounts.change(admin, "rad", group=ADMINISTRATORS)
    before = len(world.audit.log)
    with pytest.raises(InvalidRequest, match="your own account") as refused:
        world.accounts.change(admin, "Admin", disabled=True)
    assert "Another administrator" in refused.value.hint
    assert not world.actor("admin").user.disabled
    assert len(world.audit.log) == before
    assert world.accounts.change(admin, "admin", disabled=False, full_name="A").full_name == "A"


def test_a_disabled_second_administrator_does_not_count(world: World) -> None:
    admin = world.actor("admin")
    world.accounts.change(admin, "rad", group=ADMINISTRATORS)
    world.accounts.change(admin, "rad", disabled=True)
    with pytest.raises(InvalidRequest, match="Nobody would be left"):
        world.accounts.change(admin, "admin", group="Doctors")


def test_a_set_password_must_be_changed_and_ends_a_lock(world: World) -> None:
    world.users.set_failures("doc", 12, world.clock().timestamp())
    world.accounts.set_password(world.actor("admin"), "doc", NEW)
    assert world.access.sign_in("doc", NEW).user.must_change_password
    assert PASSWORD not in repr(world.audit.log)
    assert NEW not in repr(world.audit.log)


def test_a_group_is_saved_under_its_trimmed_name(world: World) -> None:
    world.accounts.save_group(world.actor("admin"), Group(" Nurses ", frozenset({Permission.RUN})))
    groups = world.accounts.groups(world.actor("admin"))
    assert Group("Nurses", frozenset({Permission.RUN})) in groups
    assert world.audit.log[-1].detail == {"permissions": "run"}


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_a_group_needs_a_name_that_can_be_shown(world: World, name: str) -> None:
    with pytest.raises(InvalidRequest):
        world.accounts.save_group(world.actor("admin"), Group(name, frozenset()))


def test_a_changed_group_acts_on_its_members_at_once(world: World) -> None:
    signed_in = world.access.sign_in("tech", PASSWORD)
    world.accounts.save_group(
        world.actor("admin"), Group("Technicians", frozenset({Permission.MANAGE_USERS}))
    )
    assert world.accounts.users(signed_in)


def test_an_account_may_have_more_and_less_than_its_group(world: World) -> None:
    admin, doc = world.actor("admin"), world.actor("doc")
    with pytest.raises(PermissionDenied):
        world.accounts.users(doc)
    world.accounts.change(
        admin,
        "doc",
        granted=frozenset({Permission.MANAGE_USERS}),
        denied=frozenset({Permission.SEE_RESULT}),
    )
    assert world.accounts.users(doc)  # at once, for one who is signed in
    permissions = world.access.actor("doc").permissions
    assert Permission.MANAGE_USERS in permissions
    assert Permission.SEE_RESULT not in permissions
    event = next(e for e in world.audit.log if e.action is AuditAction.USER_CHANGED)
    assert event.detail["granted"] == "manage_users"
    assert event.detail["denied"] == "see_result"
    world.accounts.change(admin, "doc", full_name="Dora")
    assert Permission.MANAGE_USERS in world.access.actor("doc").permissions


def test_a_denial_wins_over_the_group_and_is_noted(world: World) -> None:
    world.accounts.change(
        world.actor("admin"), "rad", denied=frozenset({Permission.SEE_OTHERS, Permission.RUN})
    )
    with pytest.raises(PermissionDenied):
        world.access.require(world.actor("rad"), Permission.RUN)
    assert world.audit.log[-1].action is AuditAction.PERMISSION_DENIED


def test_an_account_of_another_group_with_the_permission_counts_as_administrator(
    world: World,
) -> None:
    admin = world.actor("admin")
    world.accounts.change(admin, "doc", granted=frozenset({Permission.MANAGE_USERS}))
    assert world.accounts.change(world.actor("doc"), "admin", disabled=True).disabled


def test_a_permission_is_granted_or_denied_not_both(world: World) -> None:
    both = frozenset({Permission.RUN})
    with pytest.raises(InvalidRequest, match="both"):
        world.accounts.change(world.actor("admin"), "doc", granted=both, denied=both)
