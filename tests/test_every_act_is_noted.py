"""Each thing a person does leaves its event: in the real database of the program put together."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop import bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction, AuditEvent, AuditQuery
from cxr_desktop.domain.deidentify import DeidOptions
from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.errors import FilmRefused, PermissionDenied, SignInRefused
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor, Group, Permission
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from tests.support.film_files import encoded
from tests.support.packs import make_pack

PASSWORD, NEXT = "four quiet winter trains", "seven loud summer boats"
JOB = NoProgress()


@dataclass
class Place:
    """One real data folder, with an administrator signed in."""

    program: Program
    folder: Path
    actor: Actor

    @cached_property
    def exam(self) -> str:
        """Return the id of an exam, made when it is first asked for."""
        film = self.folder / "drawn.png"
        chest = draw_chest(rows=256, columns=224)
        film.write_bytes(encoded(".png", (160 + chest / chest.max() * 95).astype(np.uint8)))
        return self.program.classify(self.actor, film, JOB).exam_id

    def reviewed(self) -> str:
        """Return the id of an exam that was read."""
        self.program.reviews.add(self.actor, self.exam, Verdict.NORMAL, "Lungs clear.")
        return self.exam

    def nurse(self) -> str:
        """Return the name of a second account, which may do nothing."""
        self.program.accounts.save_group(self.actor, Group("Nurses", frozenset()))
        self.program.accounts.add(self.actor, "nan", "", "Nurses", PASSWORD)
        return "nan"

    def newest(self) -> list[AuditEvent]:
        """Return all events, the newest first, read by a connection of its own."""
        database = Database.open(self.program.data, key=self.program.vault.database_key)
        log = SqliteAuditLog(database)
        log.verify()
        return list(log.events(limit=1000))


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_pack(folder, "tiny")
    return folder


@pytest.fixture
def place(tmp_path: Path, built_in: Path) -> Iterator[Place]:
    program = bootstrap.build(tmp_path / "data", device="cpu", built_in_models=built_in)
    program.access.create_first_administrator("ada", "", PASSWORD)
    yield Place(program, tmp_path, program.access.sign_in("ada", PASSWORD))
    program.close()


def wrong_password(place: Place) -> None:
    with pytest.raises(SignInRefused):
        place.program.access.sign_in("ada", "not the password")


def refused(place: Place) -> None:
    words = place.folder / "words.dcm"
    words.write_bytes(b"These are words, not a film." * 20)
    with pytest.raises(FilmRefused):
        place.program.classify(place.actor, words, JOB)


def denied(place: Place) -> None:
    nurse = place.program.access.actor(place.nurse())
    with pytest.raises(PermissionDenied):
        place.program.audit_trail.verify(nurse)


def import_model(place: Place) -> None:
    packs = place.folder / "new"
    packs.mkdir()
    make_pack(packs, "another")
    place.program.models.import_pack(place.actor, packs / "another")


def export(place: Place) -> None:
    assert place.exam
    place.program.export(place.actor, HistoryQuery(), place.folder / "list.csv", JOB)


def dicom(place: Place) -> None:
    parts = {DicomPart.PICTURE, DicomPart.REPORT}
    place.program.out.dicom(place.actor, place.exam, place.folder, parts, JOB)


# TO ADD AN ACT: what a person does, the event that must then be the newest, what it is about.
ACTS: dict[str, tuple[Callable[[Place], object], AuditAction, str | None]] = {
    "sign in": (
        lambda p: p.program.access.sign_in("ada", PASSWORD),
        AuditAction.SIGN_IN,
        None,
    ),
    "fail to sign in": (wrong_password, AuditAction.SIGN_IN_FAILED, None),
    "change the password": (
        lambda p: p.program.access.change_password(p.actor, PASSWORD, NEXT),
        AuditAction.PASSWORD_CHANGED,
        "ada",
    ),
    "be denied": (denied, AuditAction.PERMISSION_DENIED, None),
    "run a film": (lambda p: p.exam, AuditAction.FILM_CLASSIFIED, "exam"),
    "be refused a film": (refused, AuditAction.FILM_REFUSED, None),
    "view": (
        lambda p: p.program.history.open(p.actor, p.exam),
        AuditAction.EXAM_VIEWED,
        "exam",
    ),
    "review": (lambda p: p.reviewed(), AuditAction.EXAM_REVIEWED, "exam"),
    "sign": (
        lambda p: p.program.signing.sign(p.actor, p.reviewed(), 1),
        AuditAction.REPORT_SIGNED,
        "exam",
    ),
    "print": (
        lambda p: p.program.report(p.actor, p.exam, JOB),
        AuditAction.REPORT_MADE,
        "exam",
    ),
    "export a list": (export, AuditAction.HISTORY_EXPORTED, ""),
    "export as DICOM": (dicom, AuditAction.EXAM_EXPORTED, "exam"),
    "export without the patient": (
        lambda p: p.program.out.films.one(p.actor, p.exam, p.folder, DeidOptions(), JOB),
        AuditAction.FILMS_DEIDENTIFIED,
        "exam",
    ),
    "delete": (
        lambda p: p.program.deleting.delete(p.actor, p.exam, "the wrong patient"),
        AuditAction.EXAM_DELETED,
        "exam",
    ),
    "change a setting": (
        lambda p: p.program.settings.set(p.actor, "session.idle_lock_minutes", 7),
        AuditAction.SETTING_CHANGED,
        "session.idle_lock_minutes",
    ),
    "add an account": (lambda p: p.nurse(), AuditAction.USER_ADDED, "nan"),
    "change an account": (
        lambda p: p.program.accounts.change(p.actor, p.nurse(), disabled=True),
        AuditAction.USER_CHANGED,
        "nan",
    ),
    "change a group": (
        lambda p: p.program.accounts.save_group(
            p.actor, Group("Nurses", frozenset({Permission.IMPORT}))
        ),
        AuditAction.GROUP_CHANGED,
        "Nurses",
    ),
    "bring in a model": (import_model, AuditAction.MODEL_CHANGED, "another"),
    "use another model": (
        lambda p: p.program.models.activate(p.actor, "tiny"),
        AuditAction.MODEL_CHANGED,
        "tiny",
    ),
    "emergency access": (
        lambda p: p.program.emergency.begin(p.actor, "the ward doctor is in surgery"),
        AuditAction.EMERGENCY_ACCESS,
        "ada",
    ),
    "make a recovery key": (
        lambda p: p.program.recovery.make_key(p.actor),
        AuditAction.RECOVERY_KEY_MADE,
        None,
    ),
    "look at the log": (
        lambda p: p.program.audit_trail.search(p.actor, AuditQuery()),
        AuditAction.AUDIT_LOG_USED,
        "view",
    ),
    "back up": (
        lambda p: p.program.backups.run(p.actor, JOB, p.folder / "stick"),
        AuditAction.BACKUP_MADE,
        None,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_a_person_does_is_the_newest_event_of_the_log(place: Place, act: str) -> None:
    do, action, about = ACTS[act]
    (place.folder / "stick").mkdir()
    if about == "exam":
        assert place.exam
    do(place)
    newest = place.newest()[0]
    assert newest.action is action
    assert newest.user in {"ada", "nan"}
    if about == "exam":
        assert newest.subject == place.exam
    elif about is not None:
        assert newest.subject == about


def test_a_sign_out_is_noted_and_read_at_the_next_sign_in(place: Place) -> None:
    place.program.access.sign_out(place.actor)
    with suppress(SignInRefused):
        place.program.access.sign_in("ada", "not the password")
    place.program.access.sign_in("ada", PASSWORD)
    actions = [event.action for event in place.newest()[:3]]
    assert actions == [AuditAction.SIGN_IN, AuditAction.SIGN_IN_FAILED, AuditAction.SIGN_OUT]
