from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import (
    InvalidRequest,
    PermissionDenied,
    RefusalCode,
    StorageUnavailable,
)
from cxr_desktop.domain.history import TELLING_SORTS, HistoryQuery, SortKey
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Group, Permission
from tests.support.examples import an_event
from tests.support.world import World

SORTS: tuple[SortKey, ...] = get_args(SortKey)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def store(world: World, *greys: int, user: str = "tech") -> list[str]:
    """Store one exam per grey value, a minute apart; return their ids."""
    ids = []
    for number, grey in enumerate(greys):
        ids.append(world.exam(user, grey, f"film{number}.png").exam_id)
        world.clock.forward(60)
    return ids


def test_a_doctor_finds_only_their_own_exams(world: World) -> None:
    mine = store(world, 200, 100, user="doc")
    store(world, 10, user="rad")
    page = world.browse.search(world.actor("doc"), HistoryQuery())
    assert [row.exam_id for row in page.rows] == list(reversed(mine))
    assert page.total == 2


def test_asking_for_another_users_exams_finds_nothing(world: World) -> None:
    store(world, 200, user="rad")
    page = world.browse.search(world.actor("doc"), HistoryQuery(user="rad"))
    assert (page.rows, page.total) == ((), 0)


def test_only_what_one_may_ask_is_got_ready(world: World) -> None:
    asked = HistoryQuery(sort="probability")
    for person in ("doc", "rad", "tech"):
        world.browse.get_ready(world.actor(person), asked)
    own = replace(asked, user="doc")
    blind = replace(asked, user="tech", sort="time", in_reviews=False)
    assert world.history.made_ready == [own, asked, blind]
    world.browse.get_ready(world.actor("doc"), HistoryQuery(user="rad"))
    assert len(world.history.made_ready) == 3
    with pytest.raises(PermissionDenied):
        world.browse.get_ready(world.actor("doc"), HistoryQuery(deleted=True))


def test_asking_for_ones_own_in_another_spelling_finds_them(world: World) -> None:
    store(world, 200, user="doc")
    assert world.browse.search(world.actor("doc"), HistoryQuery(user="DOC")).total == 1


def test_a_radiologist_finds_all_and_may_filter_by_user(world: World) -> None:
    store(world, 200, user="doc")
    store(world, 10, user="tech")
    rad = world.actor("rad")
    assert world.browse.search(rad, HistoryQuery()).total == 2
    assert world.browse.search(rad, HistoryQuery(user="tech")).total == 1


def test_without_the_permission_rows_show_no_answer(world: World) -> None:
    store(world, 250, 10)
    rows = world.browse.search(world.actor("tech"), HistoryQuery()).rows
    assert [(row.verdict, row.probability) for row in rows] == [(None, None)] * 2


@pytest.mark.parametrize("sort,descending", list(product(SORTS, (True, False))))
def test_without_the_permission_order_tells_nothing(
    world: World, sort: SortKey, *, descending: bool
) -> None:
    store(world, 128, 250, 10, 200)
    query = HistoryQuery(sort=sort, descending=descending)
    harmless = replace(query, sort="time" if sort in TELLING_SORTS else sort)
    tech = world.actor("tech")
    found = [row.exam_id for row in world.browse.search(tech, query).rows]
    assert found == [row.exam_id for row in world.browse.search(tech, harmless).rows]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_without_the_permission_a_filter_tells_nothing(world: World, verdict: Verdict) -> None:
    store(world, 128, 250, 10)
    page = world.browse.search(world.actor("tech"), HistoryQuery(verdict=verdict))
    assert page.total == len(page.rows) == 3


@pytest.mark.parametrize("text", ["abnormal", "normal", "uncertain", "0.98", "fake"])
def test_without_the_permission_a_search_text_tells_nothing(world: World, text: str) -> None:
    store(world, 128, 250, 10)
    assert world.browse.search(world.actor("tech"), HistoryQuery(text=text)).total == 0


def test_with_the_permission_filter_and_order_work(world: World) -> None:
    store(world, 128, 250, 10, user="doc")
    doc = world.actor("doc")
    page = world.browse.search(doc, HistoryQuery(sort="probability"))
    assert [row.verdict for row in page.rows] == ["abnormal", "uncertain", "normal"]
    assert world.browse.search(doc, HistoryQuery(verdict=Verdict.NORMAL)).total == 1


def test_opening_an_exam_shows_what_was_stored_and_is_noted(world: World) -> None:
    (exam_id,) = store(world, 250, user="doc")
    world.audit.log.clear()
    view = world.browse.open(world.actor("doc"), exam_id)
    assert view.assessment is world.history.get(exam_id).assessment
    assert world.classifiers.classifier.runs == 1  # nothing was computed anew
    (event,) = world.audit.log
    assert (event.action, event.user, event.subject) == (AuditAction.EXAM_VIEWED, "doc", exam_id)


def test_a_technician_opens_their_exam_without_the_answer(world: World) -> None:
    (exam_id,) = store(world, 250)
    assert world.browse.open(world.actor("tech"), exam_id).assessment is None


def test_a_new_permission_shows_the_old_answer(world: World) -> None:
    (exam_id,) = store(world, 250)
    actor = world.actor("tech")
    group = Group("Technicians", frozenset({Permission.RUN, Permission.SEE_RESULT}))
    world.users.save_group(group, an_event())
    assert world.browse.open(actor, exam_id).assessment is not None


def test_an_exam_is_not_shown_when_its_viewing_cannot_be_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    (exam_id,) = store(world, 250, user="doc")

    def full(event: object) -> None:
        raise StorageUnavailable("The disk is full.")

    monkeypatch.setattr(world.audit, "append", full)
    with pytest.raises(StorageUnavailable):
        world.browse.open(world.actor("doc"), exam_id)


def test_an_unknown_exam_is_refused(world: World) -> None:
    with pytest.raises(InvalidRequest):
        world.browse.open(world.actor("doc"), "none")


def test_the_stored_film_is_read_again_under_its_own_name(world: World) -> None:
    (exam_id,) = store(world, 250, user="doc")
    (world.folder / "film0.png").unlink()  # the person's copy is not needed
    film = world.browse.film(world.actor("doc"), exam_id, NoProgress())
    assert film.file_name == "film0.png"
    assert film.sha256 == world.history.get(exam_id).film.sha256


def test_a_stored_film_with_other_bytes_is_not_shown(world: World) -> None:
    (exam_id,) = store(world, 250, user="doc")
    sha256 = world.history.get(exam_id).film.sha256
    world.archive.films[sha256] = b"another patient"
    with pytest.raises(StorageUnavailable, match="not the one"):
        world.browse.film(world.actor("doc"), exam_id, NoProgress())


def test_a_stored_film_that_is_gone_or_broken_is_the_stores_fault(world: World) -> None:
    (exam_id,) = store(world, 250, user="doc")
    film = world.history.get(exam_id).film
    sha256 = film.sha256
    world.reader.refuses[film.file_name] = RefusalCode.DAMAGED
    with pytest.raises(StorageUnavailable, match="no longer be read"):
        world.browse.film(world.actor("doc"), exam_id, NoProgress())
    del world.archive.films[sha256]
    with pytest.raises(StorageUnavailable, match="gone"):
        world.browse.film(world.actor("doc"), exam_id, NoProgress())


def test_another_users_film_and_thumbnail_stay_hidden(world: World) -> None:
    (exam_id,) = store(world, 250, user="rad")
    row = world.browse.search(world.actor("rad"), HistoryQuery()).rows[0]
    doc = world.actor("doc")
    with pytest.raises(PermissionDenied):
        world.browse.film(doc, exam_id, NoProgress())
    assert world.actions()[-1] is AuditAction.PERMISSION_DENIED
    assert world.browse.thumbnail(doc, row) is None
    assert world.browse.thumbnail(world.actor("rad"), row) == b"small"


def test_days_and_pages_reach_the_store(world: World) -> None:
    store(world, 10, 20, 30, user="doc")
    day = world.clock().date()
    doc = world.actor("doc")
    page = world.browse.search(doc, HistoryQuery(first_day=day, last_day=day, offset=1, limit=1))
    assert (len(page.rows), page.total, page.rows[0].file_name) == (1, 3, "film1.png")
    yesterday = HistoryQuery(last_day=day - timedelta(days=1))
    assert world.browse.search(doc, yesterday).total == 0
