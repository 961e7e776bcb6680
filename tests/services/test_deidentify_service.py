import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.deidentify import DeidOptions, MaskBox
from cxr_desktop.domain.errors import (
    InvalidRequest,
    JobCancelled,
    PermissionDenied,
    StorageUnavailable,
)
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.services.deidentify import CleanedFilms, CleanTools, DeidentifyFilms
from tests.support.patience import PATIENCE_S
from tests.support.world import World

OPTIONS = DeidOptions(shift_dates=True)
TEXT = Caution("burned_in_text", "Text is part of this picture.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    for grey in (20, 120, 230):
        made.clock.forward(60)
        made.exam("doc", grey)
    made.clock.forward(60)
    return made


def one(world: World, *boxes: MaskBox, person: str = "rad") -> CleanedFilms:
    return world.out.films.one(
        world.actor(person), "exam-1", world.folder, OPTIONS, NoProgress(), boxes=boxes
    )


def many(world: World, query: HistoryQuery | None = None) -> CleanedFilms:
    return world.out.films.many(
        world.actor("rad"), query or HistoryQuery(), world.folder, OPTIONS, NoProgress()
    )


def burn_in(world: World) -> None:
    record = world.history.records[0]
    world.history.records[0] = replace(record, cautions=(TEXT,))


def test_film_and_list_are_saved_under_codes_and_noted(world: World) -> None:
    (file,) = one(world).files
    assert sorted(world.cleaner.saved) == [file.with_suffix(".json").name, file.name]
    listed = json.loads(world.cleaner.saved[file.with_suffix(".json").name])
    assert listed["done"] == [{"place": "file", "name": "All but the pixels", "what": "removed"}]
    assert (listed["dates"], listed["view_position"]) == ("shifted", "PA")
    event = world.audit.log[-1]
    assert (event.action, event.subject) == (AuditAction.FILMS_DEIDENTIFIED, "exam-1")
    assert event.detail["dates"] == "shifted"


def test_all_films_of_a_query_share_one_secret_and_each_is_written_once(world: World) -> None:
    world.exam("doc", 20)
    world.clock.forward(60)
    made = many(world)
    assert len(made.files) == 3
    assert len({order.secret for order in world.cleaner.orders}) == 1
    assert world.audit.log[-1].detail["films"] == "4"


def test_a_film_that_says_it_has_text_needs_a_box_and_is_left_out_of_many(world: World) -> None:
    burn_in(world)
    with pytest.raises(InvalidRequest, match="text is part"):
        one(world)
    assert world.cleaner.saved == {}
    one(world, MaskBox(0, 0, 2, 2))
    assert world.cleaner.orders[0].boxes == (MaskBox(0, 0, 2, 2),)
    made = many(world)
    assert [film.exam_id for film in made.left_out] == ["exam-1"]
    assert len(made.files) == 2


def test_a_film_that_cannot_be_read_is_named_and_the_others_are_written(world: World) -> None:
    world.cleaner.refuses.add(world.history.records[1].film.sha256)
    made = many(world)
    assert [(film.exam_id, film.reason) for film in made.left_out] == [
        ("exam-2", "The film is damaged.")
    ]
    assert len(made.files) == 2


def test_without_the_permission_or_an_exam_nothing_leaves(world: World) -> None:
    with pytest.raises(PermissionDenied):
        one(world, person="doc")
    with pytest.raises(InvalidRequest, match="no exam"):
        many(world, HistoryQuery(text="nobody"))
    assert world.cleaner.saved == {}
    assert AuditAction.FILMS_DEIDENTIFIED not in world.actions()


def test_cancel_stops_before_the_next_film(world: World) -> None:
    class StopsAtSecond:
        def report(self, step: str, fraction: float) -> None:
            if step.startswith("Film 2"):
                raise JobCancelled

    with pytest.raises(JobCancelled):
        world.out.films.many(
            world.actor("rad"), HistoryQuery(), world.folder, OPTIONS, StopsAtSecond()
        )
    assert len(world.cleaner.saved) == 2  # one film and its list


def with_save(world: World, save: Callable[[Path, bytes], None]) -> DeidentifyFilms:
    tools = CleanTools(world.cleaner, save, lambda: bytes(32))
    return DeidentifyFilms(
        world.browse, world.archive, tools, world.access, world.audit, world.clock
    )


def test_a_film_is_saved_while_the_next_one_is_cleaned(world: World) -> None:
    orders = world.cleaner.orders

    def save_late(path: Path, content: bytes) -> None:
        if not world.cleaner.saved:
            end = time.monotonic() + PATIENCE_S
            while len(orders) < 2:
                assert time.monotonic() < end
                time.sleep(0.001)
        world.cleaner.save(path, content)

    films = with_save(world, save_late)
    made = films.many(world.actor("rad"), HistoryQuery(), world.folder, OPTIONS, NoProgress())
    assert len(made.files) == 3
    assert len(world.cleaner.saved) == 6
    assert [file.stem for file in made.files] == [f"P-1-F-{o.film_sha256[:6]}" for o in orders]


def test_nothing_is_saved_after_a_film_that_could_not_be(world: World) -> None:
    tried: list[str] = []

    def full(path: Path, _: bytes) -> None:
        tried.append(path.name)
        raise StorageUnavailable("The disk is full.", hint="Make room.")

    films = with_save(world, full)
    with pytest.raises(StorageUnavailable, match="full"):
        films.many(world.actor("rad"), HistoryQuery(), world.folder, OPTIONS, NoProgress())
    assert len(tried) == 1
