from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import DISCLAIMER, Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.ports import NoProgress
from tests.support.report_fakes import FILM, LOGO, MAP
from tests.support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    made.exam("doc")
    return made


def test_a_report_tells_the_answer_and_the_latest_review_and_is_noted(world: World) -> None:
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.NORMAL, "older words")
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.ABNORMAL, "newer words")
    page = world.report(world.actor("doc"), "exam-1", NoProgress())
    for layout in page.layouts:
        assert "Abnormal" in layout
        assert "newer words" in layout
        assert "older words" not in layout
        assert DISCLAIMER in layout
        assert "fake 1.0" in layout.replace("\u2068", "").replace("\u2069", "")
    assert (page.film, page.logo) == (FILM, None)
    event = world.audit.log[-1]
    assert (event.action, event.user, event.subject) == (AuditAction.REPORT_MADE, "doc", "exam-1")


def test_the_heat_map_comes_on_request(world: World) -> None:
    page = world.report(world.actor("doc"), "exam-1", NoProgress(), heat_map=True)
    assert page.film == MAP
    assert "not the outline of a lesion" in page.layouts[0]


def test_the_letterhead_is_that_of_the_settings(world: World) -> None:
    doc = world.actor("doc")
    assert "District Hospital" in world.report(doc, "exam-1", NoProgress()).layouts[0]
    world.letterhead.values |= {"report.letterhead": "Civil <Hospital>", "report.logo": "logo.png"}
    page = world.report(doc, "exam-1", NoProgress())
    assert "Civil &lt;Hospital&gt;" in page.layouts[0]
    assert "District Hospital" not in page.layouts[0]
    assert page.logo == LOGO


def test_a_film_that_is_gone_is_said_and_the_answer_stays(world: World) -> None:
    world.archive.films.clear()
    page = world.report(world.actor("doc"), "exam-1", NoProgress())
    assert page.film is None
    assert "could not be read" in page.layouts[0]
    assert "Abnormal" in page.layouts[0]


def test_who_may_not_see_the_answer_or_the_exam_gets_no_report(world: World) -> None:
    world.exam("tech", name="b.png")
    world.exam("rad", name="c.png")
    with pytest.raises(PermissionDenied):
        world.report(world.actor("tech"), "exam-2", NoProgress())
    with pytest.raises(PermissionDenied):
        world.report(world.actor("doc"), "exam-3", NoProgress())
    with pytest.raises(InvalidRequest):
        world.report(world.actor("doc"), "none", NoProgress())
    assert AuditAction.REPORT_MADE not in world.actions()
