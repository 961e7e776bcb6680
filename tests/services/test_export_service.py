from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, PermissionDenied
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.services import history_pages
from cxr_desktop.services.export import HEAD
from tests.support.engine_fakes import CancelAt
from tests.support.examples import an_event
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for number, grey in enumerate((230, 20, 120)):
        made.exam("rad" if number else "doc", grey, f"film{number}.png")
        made.clock.forward(60)
    return made


def rows(world: World, name: str = "list.csv") -> list[dict[str, object]]:
    head, *written = world.tables.written[name]
    return [dict(zip(map(str, head), row, strict=True)) for row in written]


def test_every_exam_that_is_found_is_written_and_noted(world: World) -> None:
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.NORMAL, "secret text")
    path = world.folder / "list.csv"
    assert world.export(world.actor("rad"), HistoryQuery(), path, NoProgress()) == 3
    assert [row["exam_id"] for row in rows(world)] == ["exam-3", "exam-2", "exam-1"]
    last = rows(world)[-1]
    assert (last["verdict"], last["reader_verdict"], last["agreement"]) == (
        "abnormal",
        "normal",
        "disagree",
    )
    assert last["probability"] == world.history.get("exam-1").assessment.probability
    event = world.audit.log[-1]
    assert (event.action, event.user) == (AuditAction.HISTORY_EXPORTED, "rad")
    assert dict(event.detail) == {"exams": "3", "kind": "csv"}


def test_the_filters_and_the_order_hold(world: World) -> None:
    query = HistoryQuery(user="rad", sort="probability", descending=False)
    world.export(world.actor("rad"), query, world.folder / "list.csv", NoProgress())
    assert [row["exam_id"] for row in rows(world)] == ["exam-2", "exam-3"]


def test_many_pages_join_and_exams_that_come_meanwhile_stay_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_pages, "PAGE", 2)

    class Busy:
        def report(self, step: str, fraction: float) -> None:
            world.exam("rad", 50, f"new{fraction}.png")

    world.export(world.actor("rad"), HistoryQuery(), world.folder / "list.csv", Busy())
    assert [row["exam_id"] for row in rows(world)] == ["exam-3", "exam-2", "exam-1"]


def test_without_the_permission_nothing_is_written(world: World) -> None:
    with pytest.raises(PermissionDenied):
        world.export(world.actor("doc"), HistoryQuery(), world.folder / "list.csv", NoProgress())
    assert world.tables.written == {}
    assert world.actions()[-1] is AuditAction.PERMISSION_DENIED


def test_who_may_not_see_answers_exports_none(world: World) -> None:
    world.users.save_group(
        Group("Doctors", frozenset({Permission.RUN, Permission.EXPORT})), an_event()
    )
    world.export(world.actor("doc"), HistoryQuery(), world.folder / "list.csv", NoProgress())
    (row,) = rows(world)
    hidden = ("verdict", "probability", "reader_verdict", "agreement")
    assert [row[name] for name in hidden] == [None] * 4
    assert row["exam_id"] == "exam-1"


def test_a_file_that_is_there_and_an_unknown_kind_are_refused(world: World) -> None:
    path = world.folder / "list.csv"
    path.write_text("mine")
    rad = world.actor("rad")
    with pytest.raises(InvalidRequest, match="already"):
        world.export(rad, HistoryQuery(), path, NoProgress())
    with pytest.raises(InvalidRequest, match="no kind of table"):
        world.export(rad, HistoryQuery(), world.folder / "list.exe", NoProgress())
    assert world.tables.written == {}
    assert world.export(rad, HistoryQuery(), path, NoProgress(), overwrite=True) == 3


def test_a_cancelled_export_is_not_noted_as_one(world: World) -> None:
    with pytest.raises(JobCancelled):
        world.export(
            world.actor("rad"), HistoryQuery(), world.folder / "list.csv", CancelAt("3 of 3 exams")
        )
    assert AuditAction.HISTORY_EXPORTED not in world.actions()


def test_the_heading_has_a_name_for_every_cell(world: World) -> None:
    world.export(world.actor("rad"), HistoryQuery(), world.folder / "list.csv", NoProgress())
    assert tuple(rows(world)[0]) == HEAD
