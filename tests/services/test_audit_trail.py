import csv
from datetime import timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.tables import one_line
from cxr_desktop.services.audit_trail import EXPORT_PAGE
from tests.support.examples import NOON, an_event
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_looking_at_the_log_is_noted_once_per_list(world: World) -> None:
    admin = world.actor("admin")
    first = world.audit_trail.search(admin, AuditQuery())
    assert [entry.event.action for entry in first] == [AuditAction.AUDIT_LOG_USED]
    world.audit_trail.search(admin, AuditQuery(below=1))
    assert world.actions() == [AuditAction.AUDIT_LOG_USED]


def test_the_seal_of_a_sound_log_proves_it_later(world: World) -> None:
    admin = world.actor("admin")
    for number in range(5):
        world.audit.append(an_event(subject=str(number)))
    sealed = world.audit_trail.verify(admin)
    assert sealed.events == 5
    assert sealed.seal.startswith("5-")
    later = world.audit_trail.verify(admin, f" {sealed.seal.upper()} ")
    assert later.events == 6
    assert later.seal != sealed.seal


def test_a_log_that_was_rewritten_with_its_head_does_not_hold_the_old_seal(world: World) -> None:
    admin = world.actor("admin")
    for number in range(5):
        world.audit.append(an_event(subject=str(number)))
    seal = world.audit_trail.verify(admin).seal
    events = world.audit.log[:-3]
    world.audit.log, world.audit.hashes = [], []
    for event in [*events, *(an_event(subject="instead", n=str(n)) for n in range(4))]:
        world.audit.append(event)
    assert world.audit.verify() == 7  # sound in itself
    with pytest.raises(StorageUnavailable, match="not the one that was sealed"):
        world.audit_trail.verify(admin, seal)


def test_a_log_that_ends_before_the_seal_is_found(world: World) -> None:
    with pytest.raises(StorageUnavailable, match="cut off"):
        world.audit_trail.verify(world.actor("admin"), "99-0123456789abcdef")


@pytest.mark.parametrize("seal", ["5", "0-0123456789abcdef", "5-xyz", "5-0123456789abcdef0", "-"])
def test_what_is_no_seal_is_said(world: World, seal: str) -> None:
    with pytest.raises(InvalidRequest, match="no seal"):
        world.audit_trail.verify(world.actor("admin"), seal)


def test_the_table_holds_what_the_filter_lets_through(world: World, tmp_path: Path) -> None:
    world.audit.append(an_event(AuditAction.SIGN_IN, user="doc", subject="s", time=NOON, a="1"))
    world.audit.append(an_event(AuditAction.SIGN_OUT, user="doc"))
    target = tmp_path / "log.csv"
    query = AuditQuery(user="doc", action=AuditAction.SIGN_IN)
    assert world.audit_trail.export(world.actor("admin"), query, target, NoProgress()) == 1
    head, row = rows(target)
    assert head[:7] == ["number", "time_utc", "user", "action", "subject", "detail", "hash"]
    assert head[7:] == ["dicom_event_id", "dicom_event_type", "dicom_action", "dicom_outcome"]
    assert row[7:] == ["110114", "110122", "E", "0"]
    assert row[:6] == ["1", "2026-03-01T12:00:00+00:00", "doc", "sign_in", "s", '{"a": "1"}']
    assert row[6] == world.audit.hashes[0]
    assert world.audit.log[-1].subject == "export"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1"])
def test_no_cell_is_a_formula(world: World, tmp_path: Path, text: str) -> None:
    world.audit.append(an_event(user=text, subject=text))
    target = tmp_path / "log.csv"
    world.audit_trail.export(world.actor("admin"), AuditQuery(), target, NoProgress())
    row = rows(target)[-1]
    assert row[2] == row[4] == f"'{one_line(text)}"


def test_thousands_of_rows_are_written_page_by_page(world: World, tmp_path: Path) -> None:
    count = 2 * EXPORT_PAGE + 3
    for number in range(count):
        world.audit.append(an_event(subject=str(number), time=NOON + timedelta(seconds=number)))
    target = tmp_path / "log.csv"
    written = world.audit_trail.export(world.actor("admin"), AuditQuery(), target, NoProgress())
    assert written == count + 1  # and the export itself
    assert len({row[0] for row in rows(target)[1:]}) == written


def test_a_cancelled_export_leaves_no_file(world: World, tmp_path: Path) -> None:
    class Cancelled:
        def report(self, step: str, fraction: float) -> None:
            raise JobCancelled

    world.audit.append(an_event())
    target = tmp_path / "log.csv"
    with pytest.raises(JobCancelled):
        world.audit_trail.export(world.actor("admin"), AuditQuery(), target, Cancelled())
    assert not target.exists()


def test_no_file_is_overwritten_and_a_bad_place_is_said(world: World, tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    target.write_text("mine")
    admin = world.actor("admin")
    with pytest.raises(InvalidRequest, match="already"):
        world.audit_trail.export(admin, AuditQuery(), target, NoProgress())
    assert target.read_text() == "mine"
    with pytest.raises(StorageUnavailable, match="cannot be written"):
        world.audit_trail.export(admin, AuditQuery(), tmp_path / "no" / "log.csv", NoProgress())
