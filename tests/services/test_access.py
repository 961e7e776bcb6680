from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import (
    InvalidRequest,
    PasswordRefused,
    PermissionDenied,
    SignInRefused,
)
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import ADMINISTRATORS, BUILT_IN_GROUPS, Group, Permission
from cxr_desktop.services.access import LOCK_SECONDS, Access, wait_after
from tests.support.engine_fakes import FakeClock
from tests.support.examples import an_event
from tests.support.fake_users import MemoryUsers
from tests.support.fakes import MemoryAudit, PlainHasher
from tests.support.world import PASSWORD, World

GROUPS = {group.name: group.permissions for group in BUILT_IN_GROUPS}
NEW = "seven loud summer boats"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def fail(world: World, name: str = "doc", times: int = 1) -> str:
    """Guess wrong, waiting out every pause; return the last refusal."""
    refusal = ""
    for _ in range(times):
        with pytest.raises(SignInRefused) as caught:
            world.access.sign_in(name, "wrong guess entirely")
        refusal = str(caught.value)
        world.clock.forward(wait_after(world.users.failures(name)[0]))
    return refusal


def test_the_right_password_signs_in_and_is_noted(world: World) -> None:
    actor = world.access.sign_in(" DOC ", PASSWORD)
    assert actor.name == "doc"
    assert actor.permissions == GROUPS["Doctors"]
    assert world.actions() == [AuditAction.SIGN_IN]


def test_unknown_wrong_and_disabled_get_the_same_sentence(world: World) -> None:
    world.users.update(replace(world.actor("tech").user, disabled=True), an_event())
    sentences = {
        fail(world, "nobody"),
        fail(world, "doc"),
        _refusal(world, "tech", PASSWORD),
        _refusal(world, "tech", "wrong guess entirely"),
        fail(world, "a\x1bb"),
        fail(world, "\udcff"),
        fail(world, "x" * 5000),
    }
    assert len(sentences) == 1


def _refusal(world: World, name: str, password: str) -> str:
    with pytest.raises(SignInRefused) as caught:
        world.access.sign_in(name, password)
    return str(caught.value)


def test_names_that_nobody_can_have_share_one_count(world: World) -> None:
    for name in ("", "a\x1bb", "x" * 5000):
        assert "too many" not in _refusal(world, name, "x")
    assert "too many" in _refusal(world, "\udcff", "x")


def test_an_unknown_name_costs_one_hash_like_a_known_one(tmp_path: Path) -> None:
    class Counting(PlainHasher):
        work = 0

        def hash(self, password: str) -> str:
            self.work += 1
            return super().hash(password)

        def verify(self, encoded: str, password: str) -> bool:
            self.work += 1
            return super().verify(encoded, password)

    world = World(tmp_path)
    hasher = Counting()
    access = Access(world.users, world.audit, hasher, world.clock)
    for name in ("nobody", "doc", "a\x00b"):
        before = hasher.work
        with pytest.raises(SignInRefused):
            access.sign_in(name, "wrong guess entirely")
        assert hasher.work - before == 1, name


def test_a_password_typed_as_name_is_never_written_down(world: World) -> None:
    fail(world, "my-secret-password")
    assert "my-secret-password" not in repr(world.audit.log)
    assert world.audit.log[-1].action is AuditAction.SIGN_IN_FAILED


def test_a_failure_of_a_known_account_is_noted_under_its_own_spelling(world: World) -> None:
    fail(world, "DoC", times=2)
    event = world.audit.log[-1]
    assert (event.user, event.detail) == ("doc", {"failures_in_a_row": "2"})


def test_three_attempts_are_free_then_the_pause_doubles() -> None:
    assert [wait_after(n) for n in range(8)] == [0, 0, 0, 1, 2, 4, 8, 16]
    assert wait_after(10) == wait_after(500) == LOCK_SECONDS


@pytest.mark.parametrize("name", ["doc", "nobody"])
def test_during_a_pause_even_the_right_password_waits(world: World, name: str) -> None:
    for _ in range(3):
        _refusal(world, name, "wrong guess entirely")
    assert "too many failed attempts" in _refusal(world, name, PASSWORD)
    noted = len(world.audit.log)
    assert noted == 3  # an attempt that is not looked at is not a guess


def test_after_the_pause_the_right_password_signs_in_and_clears_the_count(world: World) -> None:
    fail(world, times=5)
    world.access.sign_in("doc", PASSWORD)
    assert world.users.failures("doc") == (0, 0.0)


def test_a_thousand_guesses_in_a_quarter_of_an_hour_get_ten_tries(world: World) -> None:
    for _ in range(1000):
        with pytest.raises(SignInRefused):
            world.access.sign_in("doc", "wrong guess entirely")
        world.clock.forward(0.9)
    assert world.actions().count(AuditAction.SIGN_IN_FAILED) == 10


def test_the_lock_ends_after_fifteen_minutes(world: World) -> None:
    fail(world, times=9)
    _refusal(world, "doc", "wrong guess entirely")
    world.clock.forward(LOCK_SECONDS - 1)
    assert "Try again in 1 second." in _refusal(world, "doc", PASSWORD)
    world.clock.forward(1)
    assert world.access.sign_in("doc", PASSWORD).name == "doc"


def test_a_restart_does_not_forget_failures(world: World) -> None:
    for _ in range(3):
        _refusal(world, "doc", "wrong guess entirely")
    again = Access(world.users, world.audit, world.hasher, world.clock)
    with pytest.raises(SignInRefused, match="too many"):
        again.sign_in("doc", PASSWORD)


def test_setting_the_clock_back_starts_the_pause_anew_and_never_longer(world: World) -> None:
    fail(world, times=9)
    _refusal(world, "doc", "wrong guess entirely")
    world.clock.forward(-10 * 365 * 24 * 3600)
    assert "15 minutes" in _refusal(world, "doc", PASSWORD)
    world.clock.forward(LOCK_SECONDS)
    assert world.access.sign_in("doc", PASSWORD).name == "doc"


def test_setting_the_clock_back_again_and_again_gives_no_guess(world: World) -> None:
    fail(world, times=9)
    _refusal(world, "doc", "wrong guess entirely")
    tried = world.actions().count(AuditAction.SIGN_IN_FAILED)
    for _ in range(20):
        world.clock.forward(-3600)
        assert "too many" in _refusal(world, "doc", "wrong guess entirely")
    assert world.actions().count(AuditAction.SIGN_IN_FAILED) == tried


def test_an_old_hash_is_replaced_at_sign_in(world: World) -> None:
    newer = PlainHasher(generation=2)
    Access(world.users, world.audit, newer, world.clock).sign_in("doc", PASSWORD)
    assert world.users.password_hash("doc") == newer.hash(PASSWORD)
    assert world.actions() == [AuditAction.SIGN_IN]


def test_signing_out_is_noted(world: World) -> None:
    world.access.sign_out(world.actor("doc"))
    assert world.actions() == [AuditAction.SIGN_OUT]


def test_the_first_administrator_is_made_once() -> None:
    audit = MemoryAudit()
    access = Access(MemoryUsers(audit), audit, PlainHasher(), FakeClock())
    assert access.needs_first_administrator()
    actor = access.create_first_administrator(" root ", "  Ada\n\tL. ", PASSWORD)
    assert (actor.name, actor.user.full_name, actor.user.group) == (
        "root",
        "Ada L.",
        ADMINISTRATORS,
    )
    assert actor.permissions == frozenset(Permission)
    assert not access.needs_first_administrator()
    with pytest.raises(InvalidRequest, match="already"):
        access.create_first_administrator("second", "", PASSWORD)
    assert [event.action for event in audit.log] == [AuditAction.USER_ADDED]


@pytest.mark.parametrize("name", ["", "   ", "a\nb", "x" * 65, "left\u202eright", "\udcff"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    audit = MemoryAudit()
    access = Access(MemoryUsers(audit), audit, PlainHasher(), FakeClock())
    with pytest.raises(InvalidRequest):
        access.create_first_administrator(name, "", PASSWORD)
    assert access.needs_first_administrator()


def test_the_first_administrator_needs_a_good_password() -> None:
    audit = MemoryAudit()
    access = Access(MemoryUsers(audit), audit, PlainHasher(), FakeClock())
    with pytest.raises(PasswordRefused):
        access.create_first_administrator("root", "", "short")
    assert access.needs_first_administrator()


def test_permissions_are_read_anew_each_time(world: World) -> None:
    actor = world.actor("doc")
    world.users.save_group(Group("Doctors", frozenset()), an_event())
    with pytest.raises(PermissionDenied):
        world.access.require(actor, Permission.RUN)
    event = world.audit.log[-1]
    assert (event.action, event.user, event.subject) == (
        AuditAction.PERMISSION_DENIED,
        "doc",
        "run",
    )


def test_a_forged_actor_gains_nothing(world: World) -> None:
    forged = replace(world.actor("tech"), permissions=frozenset(Permission))
    with pytest.raises(PermissionDenied):
        world.access.require(forged, Permission.MANAGE_USERS)


def test_a_disabled_account_is_stopped_at_once_and_that_is_noted(world: World) -> None:
    actor = world.actor("doc")
    world.users.update(replace(actor.user, disabled=True), an_event())
    with pytest.raises(PermissionDenied, match="no longer active"):
        world.access.active(actor)
    assert world.actions()[-1] is AuditAction.PERMISSION_DENIED
    with pytest.raises(PermissionDenied, match="no longer active"):
        world.access.change_password(actor, PASSWORD, NEW)
    assert world.users.password_hash("doc") is None


def test_an_account_of_a_group_that_is_gone_may_do_nothing(world: World) -> None:
    world.users._groups.pop("doctors")
    assert world.actor("doc").permissions == frozenset()


def test_an_imposed_password_blocks_everything_but_changing_it(world: World) -> None:
    exam = world.exam("doc")
    world.accounts.set_password(world.actor("admin"), "doc", NEW)
    actor = world.access.sign_in("doc", NEW)
    assert actor.user.must_change_password
    film = world.film()
    blocked = (
        lambda: world.classify(actor, film, NoProgress()),
        lambda: world.browse.search(actor, HistoryQuery()),
        lambda: world.browse.open(actor, exam.exam_id),
        lambda: world.browse.film(actor, exam.exam_id, NoProgress()),
        lambda: world.models.packs(actor),
        lambda: world.settings.set(actor, "view.invert", value=True),
        lambda: world.accounts.users(actor),
    )
    for work in blocked:
        with pytest.raises(PermissionDenied, match="new password first"):
            work()
    changed = world.access.change_password(actor, NEW, "nine green autumn lamps")
    assert not changed.user.must_change_password
    assert world.browse.open(changed, exam.exam_id).exam_id == exam.exam_id


def test_changing_the_password_needs_the_current_one_and_counts_failures(world: World) -> None:
    actor = world.actor("doc")
    for _ in range(3):
        with pytest.raises(SignInRefused, match="current password"):
            world.access.change_password(actor, "wrong guess entirely", NEW)
    with pytest.raises(SignInRefused, match="too many"):
        world.access.change_password(actor, PASSWORD, NEW)
    world.clock.forward(1)
    world.access.change_password(actor, PASSWORD, NEW)
    assert world.access.sign_in("doc", NEW).name == "doc"


@pytest.mark.parametrize("new", [PASSWORD, "short", "doc doc doc doc"])
def test_a_new_password_must_be_new_and_good(world: World, new: str) -> None:
    with pytest.raises(PasswordRefused):
        world.access.change_password(world.actor("doc"), PASSWORD, new)
    assert world.users.password_hash("doc") == world.hasher.hash(PASSWORD)
    assert AuditAction.PASSWORD_CHANGED not in world.actions()


def test_no_password_reaches_the_audit_log(world: World) -> None:
    fail(world)
    actor = world.access.sign_in("doc", PASSWORD)
    world.access.change_password(actor, PASSWORD, NEW)
    written = repr(world.audit.log)
    assert PASSWORD not in written
    assert NEW not in written
    assert "wrong guess" not in written
