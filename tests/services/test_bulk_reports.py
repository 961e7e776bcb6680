from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, PermissionDenied
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.services.bulk_reports import WrittenReports
from tests.support.report_fakes import pdf_of
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.three_exams()
    (tmp_path / "out").mkdir()
    return made


def write(
    world: World,
    query: HistoryQuery | None = None,
    job: JobContext | None = None,
    person: str = "rad",
) -> WrittenReports:
    return world.out.reports(
        world.actor(person),
        query or HistoryQuery(),
        world.folder / "out",
        job or NoProgress(),
        make_pdf=pdf_of,
    )


def names(world: World) -> list[str]:
    return sorted(path.name for path in (world.folder / "out").iterdir())


def test_every_exam_gets_a_report_named_by_time_and_number(world: World) -> None:
    assert write(world) == WrittenReports(3, 0)
    assert names(world)[0] == "report-20260301-120000-exam-1.pdf"
    assert (world.folder / "out" / names(world)[0]).read_bytes() == b"pdf of exam-1"
    assert world.actions().count(AuditAction.REPORT_MADE) == 3
    exported = [e for e in world.audit.log if e.action is AuditAction.HISTORY_EXPORTED]
    assert [event.detail for event in exported] == [{"exams": "3", "kind": "pdf"}]


def test_the_bar_counts_reports_and_never_goes_back(world: World) -> None:
    class Noted:
        def __init__(self) -> None:
            self.steps: list[tuple[str, float]] = []

        def report(self, step: str, fraction: float) -> None:
            self.steps.append((step, fraction))

    job = Noted()
    write(world, job=job)
    assert job.steps == [(f"Report {n} of 3", (n - 1) / 3) for n in (1, 2, 3)]


def test_only_what_the_filters_leave_is_written(world: World) -> None:
    assert write(world, HistoryQuery(verdict=Verdict.ABNORMAL)).written == 1
    with pytest.raises(InvalidRequest, match="no exam"):
        write(world, HistoryQuery(text="nobody"))


def test_after_a_cancel_the_rest_is_written_and_nothing_twice(world: World) -> None:
    class StopsAtThird:
        def report(self, step: str, fraction: float) -> None:
            if step.startswith("Report 3"):
                raise JobCancelled

    with pytest.raises(JobCancelled):
        write(world, job=StopsAtThird())
    assert len(names(world)) == 2
    assert write(world) == WrittenReports(1, 2)
    assert world.actions().count(AuditAction.REPORT_MADE) == 3


def test_exams_that_the_person_must_read_first_are_left_out_and_counted(world: World) -> None:
    world.let_rad_read_first()
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.NORMAL, "")
    assert write(world) == WrittenReports(1, 0, unread=2)
    assert names(world) == ["report-20260301-120000-exam-1.pdf"]


def test_without_the_permission_nothing_is_written(world: World) -> None:
    with pytest.raises(PermissionDenied):
        write(world, person="doc")
    assert names(world) == []
