"""Signing reports, as a service: what is locked, what follows, what the hash tells."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.history import HistoryQuery, ReportState
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.review import Opinion, ReviewKind
from cxr_desktop.domain.signing import Signature, digest
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.exam("doc")
    made.reviews.add(made.actor("doc"), "exam-1", Verdict.NORMAL, "Clear lungs.")
    return made


def sign(world: World, seen: int = 1) -> Signature:
    report = world.signing.sign(world.actor("rad"), "exam-1", seen)
    assert report.signature is not None
    return report.signature


def state(world: World) -> ReportState:
    (row,) = world.browse.search(world.actor("rad"), HistoryQuery()).rows
    return row.state


def test_a_signature_says_who_when_and_what_and_is_noted(world: World) -> None:
    signature = sign(world)
    assert (signature.user, signature.name, signature.time) == ("rad", "Rad", world.clock())
    assert (signature.verdict, signature.covers) == (Verdict.NORMAL, 1)
    event = world.audit.log[-1]
    assert (event.action, event.user, event.subject) == (
        AuditAction.REPORT_SIGNED, "rad", "exam-1",
    )  # fmt: skip
    assert event.detail == {"verdict": "normal", "sha256": signature.sha256}
    assert state(world) is ReportState.SIGNED


def test_after_it_no_verdict_and_no_opinion_is_taken(world: World) -> None:
    sign(world)
    for person in ("doc", "rad", "admin"):
        with pytest.raises(InvalidRequest, match="signed"):
            world.reviews.add(world.actor(person), "exam-1", Verdict.ABNORMAL)
    with pytest.raises(InvalidRequest, match="signed"):
        world.reviews.opine(world.actor("doc"), "exam-1", Opinion.MISSED)
    assert len(world.history.reviews) == 1


def test_an_addendum_follows_and_keeps_the_verdict_that_was_signed(world: World) -> None:
    signature = sign(world)
    world.clock.forward(60)
    world.reviews.addendum(world.actor("admin"), "exam-1", "Seen beside the older film.")
    report = world.signing.of(world.actor("rad"), "exam-1")
    assert report is not None
    assert (report.signature, report.intact) == (signature, True)
    assert report.review.text == "Clear lungs."
    (added,) = report.addenda
    assert (added.user, added.kind, added.verdict) == ("admin", ReviewKind.ADDENDUM, Verdict.NORMAL)
    assert added.time == signature.time + timedelta(seconds=60)
    assert state(world) is ReportState.ADDENDED


def test_whoever_may_not_sign_adds_nothing_to_a_signed_report(world: World) -> None:
    world.reviews.addendum(world.actor("doc"), "exam-1", "before it, one may")
    sign(world, seen=2)
    with pytest.raises(PermissionDenied):
        world.reviews.addendum(world.actor("doc"), "exam-1", "after it, one may not")


def test_nothing_is_signed_twice_unread_unseen_or_deleted(world: World) -> None:
    rad = world.actor("rad")
    world.exam("doc", name="b.png")
    with pytest.raises(InvalidRequest, match="nothing to sign"):
        world.signing.sign(rad, "exam-2", 0)
    world.reviews.add(world.actor("doc"), "exam-1", Verdict.ABNORMAL, "no: an effusion")
    with pytest.raises(InvalidRequest, match="meanwhile"):
        world.signing.sign(rad, "exam-1", 1)
    world.deleting.delete(world.actor("admin"), "exam-1", "another patient's film")
    with pytest.raises(InvalidRequest, match="deleted"):
        world.signing.sign(world.actor("admin"), "exam-1", 2)
    world.deleting.bring_back(world.actor("admin"), "exam-1", "it was the right one")
    sign(world, seen=2)
    with pytest.raises(InvalidRequest, match="signed"):
        world.signing.sign(rad, "exam-1", 2)
    assert world.actions().count(AuditAction.REPORT_SIGNED) == 1


def test_who_reads_first_signs_after_the_own_reading_and_sees_what_is_signed(world: World) -> None:
    world.let_rad_read_first()
    with pytest.raises(InvalidRequest, match="own reading"):
        world.signing.sign(world.actor("rad"), "exam-1", 1)
    assert world.browse.open(world.actor("rad"), "exam-1").assessment is None
    world.signing.sign(world.actor("admin"), "exam-1", 1)
    shown = world.browse.open(world.actor("rad"), "exam-1")
    assert shown.signed
    assert shown.assessment is not None


def test_what_was_changed_behind_the_programs_back_shows(world: World) -> None:
    sign(world)
    honest = world.history.reviews[0]
    for forged in (
        replace(honest, text="Effusion."),
        replace(honest, user="rad"),
        replace(honest, verdict=Verdict.ABNORMAL),
    ):
        world.history.reviews[0] = forged
        report = world.signing.of(world.actor("rad"), "exam-1")
        assert report is not None
        assert not report.intact
    world.history.reviews.clear()
    assert world.signing.of(world.actor("rad"), "exam-1") is None


def test_every_part_of_what_was_signed_changes_the_hash(world: World) -> None:
    signature, record = sign(world), world.history.records[0]
    said = world.history.reviews
    assert digest(record, said, signature) == signature.sha256
    answer, study = record.assessment, record.study
    changed = (
        replace(record, study=replace(study, patient_name="Another")),
        replace(record, study=replace(study, patient_id="P-2")),
        replace(record, film=replace(record.film, sha256="c" * 64)),
        replace(record, assessment=replace(answer, model=replace(answer.model, version="9"))),
    )
    hashes = {digest(other, said, signature) for other in changed}
    hashes |= {
        digest(record, said, replace(signature, user="doc")),
        digest(record, said, replace(signature, time=signature.time + timedelta(seconds=1))),
        digest(record, [], signature),
    }
    assert len(hashes) == len(changed) + 3
    assert signature.sha256 not in hashes


def test_the_report_on_paper_is_signed_and_lists_what_was_added(world: World) -> None:
    sign(world)
    world.clock.forward(60)
    world.reviews.addendum(world.actor("rad"), "exam-1", "Seen beside the older film.")
    page = world.report(world.actor("doc"), "exam-1", NoProgress())
    for layout in page.layouts:
        assert "Signed electronically" in layout
        assert "Seen beside the older film." in layout
        assert "Clear lungs." in layout
