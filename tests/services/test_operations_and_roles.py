"""Every operation × every built-in group: who may, who may not, and that refusals are noted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.errors import PermissionDenied
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor, Group, Permission
from cxr_desktop.services.assess import AssessFilm, assessed_film
from cxr_desktop.services.classify_many import ClassifyMany
from cxr_desktop.services.full_check import CheckEverything, CheckNow
from tests.support.engine_fakes import fake_prepare
from tests.support.world import PASSWORD, PEOPLE, World

Operation = Callable[[World, Actor], object]
EVERYBODY = frozenset(PEOPLE)
ADMIN = frozenset({"admin"})
READERS = frozenset({"rad", "admin"})


def others_exam(world: World, *, said: str = "", signed: bool = False) -> str:
    """Return the id of the administrator's exam, made (read, signed) by the first who asks."""
    admin = world.actor("admin")
    if not world.history.records:
        world.exam("admin")
    exam_id = world.history.records[0].exam_id
    if said and not world.history.reviews:
        world.reviews.add(admin, exam_id, Verdict.NORMAL, said)
    if signed and not world.history.signatures:
        world.signing.sign(admin, exam_id, 1)
    return exam_id


def remove_for_good(world: World, actor: Actor) -> object:
    """Remove all exams that are older than a year, of which there is one."""
    world.retention.rule(actor)
    world.store.values["retention.years"] = 1
    world.clock.forward(400 * 24 * 3600.0)
    return world.retention(actor, "the law says so", NoProgress())


class SoundFolder:
    """A data folder of no film, in which all is sound."""

    def database_is_sound(self) -> bool:
        return True

    def log_is_sound(self) -> bool:
        return True

    def films(self) -> list[str]:
        return []

    def film_is_sound(self, sha256: str) -> bool:
        return True


def check_now(world: World) -> CheckNow:
    """Return the full check of such a folder."""
    everything = CheckEverything(SoundFolder(), world.store, world.audit, world.clock)
    return CheckNow(everything, world.access)


def run_many(world: World, actor: Actor) -> object:
    """Run a film as a run of many does."""
    assess = AssessFilm(world.reader, world.check, fake_prepare, world.classifiers)
    many = ClassifyMany(world.classify, world.history, world.access)
    answer = assess(world.film(), NoProgress())
    assessed = assessed_film(answer, lambda radiograph: b"small")
    with ThreadMapper(lambda _path, _job: assessed) as mapper:
        return list(many(actor, [world.film()], mapper, NoProgress()))


# TO ADD AN OPERATION of a service: one row here, with who may use it.
OPERATIONS: dict[str, tuple[Operation, frozenset[str]]] = {
    "classify.open": (lambda w, a: w.classify.open(a, w.film(), NoProgress()), EVERYBODY),
    "classify.run": (
        lambda w, a: w.classify.run(
            a, w.classify.open(w.actor("admin"), w.film(), NoProgress()), NoProgress()
        ),
        EVERYBODY,
    ),
    "classify": (lambda w, a: w.classify(a, w.film(), NoProgress()), EVERYBODY),
    "classify_many": (run_many, EVERYBODY),
    "check_now": (lambda w, a: check_now(w)(a, NoProgress()), ADMIN),
    "check_now.last": (lambda w, a: check_now(w).last(a), ADMIN),
    "history.search": (lambda w, a: w.browse.search(a, HistoryQuery()), EVERYBODY),
    "history.open others'": (lambda w, a: w.browse.open(a, others_exam(w)), READERS),
    "history.film others'": (lambda w, a: w.browse.film(a, others_exam(w), NoProgress()), READERS),
    "reviews.add others'": (
        lambda w, a: w.reviews.add(a, others_exam(w), Verdict.NORMAL),
        READERS,
    ),
    "signing.sign others'": (
        lambda w, a: w.signing.sign(a, others_exam(w, said="nothing abnormal"), 1),
        READERS,
    ),
    "reviews.addendum to a signed one, others'": (
        lambda w, a: w.reviews.addendum(a, others_exam(w, said="clear", signed=True), "and small"),
        READERS,
    ),
    "report others'": (lambda w, a: w.report(a, others_exam(w), NoProgress()), READERS),
    "export": (
        lambda w, a: w.export(a, HistoryQuery(), w.folder / "exams.csv", NoProgress()),
        READERS,
    ),
    "deleting.delete others'": (
        lambda w, a: w.deleting.delete(a, others_exam(w), "the wrong patient"),
        ADMIN,
    ),
    "retention.rule": (lambda w, a: w.retention.rule(a), ADMIN),
    "retention.remove others'": (remove_for_good, ADMIN),
    "history.search deleted": (lambda w, a: w.browse.search(a, HistoryQuery(deleted=True)), ADMIN),
    "emergency.begin": (
        lambda w, a: w.emergency.begin(a, "the ward doctor is in surgery"),
        READERS | {"doc"},
    ),
    "accounts.users": (lambda w, a: w.accounts.users(a), ADMIN),
    "accounts.groups": (lambda w, a: w.accounts.groups(a), ADMIN),
    "accounts.add": (lambda w, a: w.accounts.add(a, "new", "", "Doctors", PASSWORD), ADMIN),
    "accounts.change": (lambda w, a: w.accounts.change(a, "doc", disabled=True), ADMIN),
    "accounts.change, permissions": (
        lambda w, a: w.accounts.change(a, "doc", granted=frozenset({Permission.SEE_OTHERS})),
        ADMIN,
    ),
    "accounts.set_password": (lambda w, a: w.accounts.set_password(a, "doc", PASSWORD), ADMIN),
    "accounts.save_group": (
        lambda w, a: w.accounts.save_group(a, Group("Nurses", frozenset())),
        ADMIN,
    ),
    "audit_trail.search": (lambda w, a: w.audit_trail.search(a, AuditQuery()), ADMIN),
    "audit_trail.verify": (lambda w, a: w.audit_trail.verify(a), ADMIN),
    "audit_trail.export": (
        lambda w, a: w.audit_trail.export(a, AuditQuery(), w.folder / "log.csv", NoProgress()),
        ADMIN,
    ),
    "recovery.make_key": (lambda w, a: w.recovery.make_key(a), ADMIN),
    "backups.status": (lambda w, a: w.backups.status(a), ADMIN),
    "backups.choose_folder": (lambda w, a: w.backups.choose_folder(a, Path("stick")), ADMIN),
    "backups.run": (lambda w, a: w.backups.run(a, NoProgress(), Path("stick")), ADMIN),
    "backups.verify": (
        lambda w, a: w.backups.verify(
            a, w.backups.run(w.actor("admin"), NoProgress(), Path("stick")).path, NoProgress()
        ),
        ADMIN,
    ),
    "backups.restore": (
        lambda w, a: w.backups.restore(
            a, w.backups.run(w.actor("admin"), NoProgress(), Path("stick")).path, NoProgress()
        ),
        ADMIN,
    ),
    "backups.give_up_restore": (lambda w, a: w.backups.give_up_restore(a), ADMIN),
    "support": (lambda w, a: w.support(a, w.folder / "support.zip", NoProgress()), EVERYBODY),
    "models.packs": (lambda w, a: w.models.packs(a), EVERYBODY),
    "models.activate": (lambda w, a: w.models.activate(a, "other"), ADMIN),
    "models.import_pack": (lambda w, a: w.models.import_pack(a, Path("mine")), ADMIN),
    "settings.set, administrators'": (lambda w, a: w.settings.set(a, "model.device", "cpu"), ADMIN),
    "settings.set, everybody's": (
        lambda w, a: w.settings.set(a, "view.invert", value=True),
        EVERYBODY,
    ),
}


def _kept(world: World) -> tuple[object, ...]:
    """Everything that an operation could have changed."""
    return (
        world.users.users(),
        world.users.groups(),
        [world.users.password_hash(user.name) for user in world.users.users()],
        len(world.history.records),
        len(world.history.reviews),
        dict(world.history.signatures),
        dict(world.archive.films),
        dict(world.catalog.infos),
        dict(world.store.values),
    )


@pytest.mark.parametrize("person", sorted(PEOPLE))
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_is_for_those_who_may(tmp_path: Path, name: str, person: str) -> None:
    world = World(tmp_path)
    operation, allowed = OPERATIONS[name]
    if person in allowed:
        operation(world, world.actor(person))
        assert AuditAction.PERMISSION_DENIED not in world.actions()
        return
    if "others'" in name:
        others_exam(world, said="clear", signed="signed one" in name)
    before = _kept(world)
    with pytest.raises(PermissionDenied):
        operation(world, world.actor(person))
    assert _kept(world) == before
    denial = world.audit.log[-1]
    assert (denial.action, denial.user) == (AuditAction.PERMISSION_DENIED, person)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_group_without_permissions_keeps_only_what_needs_none(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    world.accounts.save_group(world.actor("admin"), Group("Guests", frozenset()))
    world.accounts.change(world.actor("admin"), "tech", group="Guests")
    operation, _ = OPERATIONS[name]
    free = {"history.search", "models.packs", "support", "settings.set, everybody's"}
    if name in free:
        operation(world, world.actor("tech"))
        return
    with pytest.raises(PermissionDenied):
        operation(world, world.actor("tech"))
    assert world.actions()[-1] is AuditAction.PERMISSION_DENIED


# What each operation needs; those without a row need no permission at all.
NEEDS: dict[str, Permission | tuple[Permission, ...]] = {
    "classify.open": Permission.IMPORT,
    "classify.run": Permission.RUN,
    "classify": (Permission.IMPORT, Permission.RUN),
    "history.open others'": Permission.SEE_OTHERS,
    "history.film others'": Permission.SEE_OTHERS,
    "reviews.add others'": (Permission.REVIEW, Permission.SEE_RESULT, Permission.SEE_OTHERS),
    "signing.sign others'": (Permission.SIGN, Permission.SEE_RESULT, Permission.SEE_OTHERS),
    "reviews.addendum to a signed one, others'": (
        Permission.SIGN,
        Permission.REVIEW,
        Permission.SEE_RESULT,
        Permission.SEE_OTHERS,
    ),
    "report others'": (Permission.REPORT, Permission.SEE_RESULT, Permission.SEE_OTHERS),
    "export": Permission.EXPORT,
    "emergency.begin": Permission.EMERGENCY,
    "deleting.delete others'": (Permission.DELETE, Permission.SEE_OTHERS),
    "history.search deleted": Permission.DELETE,
    "retention.rule": (Permission.DELETE, Permission.MANAGE_SETTINGS),
    "retention.remove others'": (Permission.DELETE, Permission.MANAGE_SETTINGS),
    "accounts.users": Permission.MANAGE_USERS,
    "accounts.groups": Permission.MANAGE_USERS,
    "accounts.add": Permission.MANAGE_USERS,
    "accounts.change": Permission.MANAGE_USERS,
    "accounts.change, permissions": Permission.MANAGE_USERS,
    "accounts.set_password": Permission.MANAGE_USERS,
    "accounts.save_group": Permission.MANAGE_USERS,
    "audit_trail.search": Permission.VIEW_AUDIT,
    "audit_trail.verify": Permission.VIEW_AUDIT,
    "audit_trail.export": Permission.VIEW_AUDIT,
    "recovery.make_key": Permission.MANAGE_USERS,
    "backups.status": Permission.MANAGE_BACKUPS,
    "backups.choose_folder": Permission.MANAGE_BACKUPS,
    "backups.run": Permission.MANAGE_BACKUPS,
    "backups.verify": Permission.MANAGE_BACKUPS,
    "backups.restore": Permission.MANAGE_BACKUPS,
    "backups.give_up_restore": Permission.MANAGE_BACKUPS,
    "models.activate": Permission.MANAGE_MODELS,
    "models.import_pack": Permission.MANAGE_MODELS,
    "settings.set, administrators'": Permission.MANAGE_SETTINGS,
}


@pytest.mark.parametrize("name", NEEDS)
def test_its_permissions_decide_whatever_the_group(tmp_path: Path, name: str) -> None:
    world = World(tmp_path)
    admin, needs = world.actor("admin"), NEEDS[name]
    needed = frozenset(needs if isinstance(needs, tuple) else (needs,))
    if "others'" in name:
        others_exam(world, said="clear", signed="signed one" in name)
    operation, _ = OPERATIONS[name]
    world.accounts.save_group(admin, Group("Guests", frozenset()))
    world.accounts.change(admin, "tech", group="Guests", granted=needed)
    operation(world, world.actor("tech"))
    for one in needed:
        world.accounts.change(admin, "rad", group="Administrators", denied=frozenset({one}))
        with pytest.raises(PermissionDenied):
            operation(world, world.actor("rad"))
