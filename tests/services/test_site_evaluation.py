from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import OperatingPoints, Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied, RefusalCode
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.performance import NOT_MEASURED
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.quality_sheet import Sheet
from cxr_desktop.domain.site_figures import TwoByTwo
from cxr_desktop.domain.threshold_wizard import Proposal
from cxr_desktop.imaging.labelled import LabelledFilm
from cxr_desktop.services.site_evaluation import SiteEvaluation
from tests.support.engine_fakes import MODEL
from tests.support.examples import POINTS
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def label(world: World, *films: tuple[int, bool]) -> None:
    for number, (grey, abnormal) in enumerate(films):
        path = world.film(grey, f"film-{number}.png")
        world.labelled.append(LabelledFilm(path, abnormal, "site"))


def on_films(world: World, person: str = "rad", prevalence: float = 0.1) -> SiteEvaluation:
    return world.quality.evaluate.films(
        world.actor(person), world.folder, NoProgress(), prevalence=prevalence
    )


def on_reviews(world: World, person: str = "rad", *, signed: bool | None = None) -> SiteEvaluation:
    return world.quality.evaluate.reviewed(
        world.actor(person), HistoryQuery(signed=signed), NoProgress(), prevalence=0.1
    )


def test_labelled_films_are_counted_at_both_cuts_and_the_wrong_ones_named(world: World) -> None:
    label(world, (20, False), (230, False), (120, True), (230, True), (10, True))
    found = on_films(world)
    assert found.at_low == TwoByTwo(2, 1, 1, 1)
    assert found.at_high == TwoByTwo(1, 2, 1, 1)
    wrong = [(one.film.name, one.verdict) for one in found.wrong]
    assert wrong == [("film-4.png", Verdict.NORMAL), ("film-1.png", Verdict.ABNORMAL)]
    assert found.wrong[0].path == world.folder / "film-4.png"
    assert set(found.plots) == {"roc.svg", "reliability.svg"}
    event = world.audit.log[-1]
    assert (event.action, event.detail["count"]) == (AuditAction.MODEL_EVALUATED, "5")


def test_a_refused_film_is_named_and_moves_no_other(world: World) -> None:
    label(world, (20, False), (120, True), (10, True))
    world.reader.refuses["film-1.png"] = RefusalCode.DAMAGED
    found = on_films(world)
    assert [name for name, _ in found.refused] == ["film-1.png"]
    assert [one.film.name for one in found.wrong] == ["film-2.png"]


def test_when_every_film_is_refused_the_first_reason_is_told(world: World) -> None:
    label(world, (20, False), (120, True))
    for number in range(2):
        world.reader.refuses[f"film-{number}.png"] = RefusalCode.DAMAGED
    with pytest.raises(InvalidRequest, match=r"refused \(2\).*“film-0.png”: “film-0.png” cannot"):
        on_films(world)


def test_the_hospitals_own_points_count_where_they_are_in_use(world: World) -> None:
    label(world, (60, False), (230, True))
    assert on_films(world).points == POINTS
    own = OperatingPoints(0.05, 0.1)
    proposal = Proposal(own, 20, 10, 1, 1, 0, 0, 0.0, 0.0, NOT_MEASURED, NOT_MEASURED)
    world.site_points.choose(world.actor("admin"), MODEL, proposal)
    assert on_films(world).points == own


def test_reviewed_exams_take_the_reader_as_the_truth(world: World) -> None:
    for number, (grey, said) in enumerate(
        [(20, Verdict.NORMAL), (10, Verdict.ABNORMAL), (230, Verdict.UNCERTAIN), (120, None)]
    ):
        exam = world.exam("rad", grey, f"film-{number}.png")
        world.clock.forward(60)
        if said is not None:
            world.reviews.add(world.actor("rad"), exam.exam_id, said)
    world.clock.forward(60)
    found = on_reviews(world)
    assert found.at_low == TwoByTwo(0, 1, 0, 1)
    assert [(one.exam_id, one.film.abnormal) for one in found.wrong] == [("exam-2", True)]
    assert found.model == MODEL


def test_the_audit_log_says_whether_reviewed_or_signed_exams_were_taken(world: World) -> None:
    rad = world.actor("rad")
    for number, grey in enumerate((20, 230)):
        exam = world.exam("rad", grey, f"film-{number}.png")
        world.clock.forward(60)
        world.reviews.add(rad, exam.exam_id, Verdict.NORMAL)
    world.signing.sign(rad, exam.exam_id, 1)
    world.clock.forward(60)
    for signed, said in ((None, ("reviewed exams", "2")), (True, ("signed exams", "1"))):
        found = on_reviews(world, signed=signed)
        event = world.audit.log[-1]
        assert event.action is AuditAction.MODEL_EVALUATED
        assert (event.detail["on"], event.detail["count"]) == said
        assert {film.source for film in found.scored} == {said[0]}


def test_who_may_not_measure_gets_no_figures(world: World) -> None:
    label(world, (20, False))
    for person in ("tech", "doc"):
        with pytest.raises(PermissionDenied):
            on_films(world, person)
        with pytest.raises(PermissionDenied):
            on_reviews(world, person)


def test_who_may_not_measure_gets_no_page_and_a_page_is_noted(world: World) -> None:
    sheet = Sheet("Drift", (("Scores", "steady"),), ())
    page = world.quality.sheet.page(world.actor("rad"), sheet)
    assert "steady" in page.layouts[0]
    event = world.audit.log[-1]
    assert (event.action, event.detail) == (AuditAction.REPORT_MADE, {"quality": "Drift"})
    for person in ("tech", "doc"):
        with pytest.raises(PermissionDenied):
            world.quality.sheet.page(world.actor(person), sheet)


def test_wrong_requests_are_sentences(world: World) -> None:
    label(world, (20, False))
    with pytest.raises(InvalidRequest, match="prevalence"):
        on_films(world, prevalence=0.0)
    with pytest.raises(InvalidRequest, match="No reader"):
        on_reviews(world)
