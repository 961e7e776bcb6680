"""The list of a run: who may save it, what is in it, and that it is noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import FilmRefused, PermissionDenied, RefusalCode, StorageUnavailable
from cxr_desktop.domain.outcome import COLUMNS, FilmOutcome
from cxr_desktop.domain.roles import Permission
from cxr_desktop.reporting.tables import csv_pieces
from cxr_desktop.services.film_list import SaveFilmList
from cxr_desktop.wiring.out_files import table_writer
from tests.support.world import World

REFUSED = FilmOutcome.of_error("cut.dcm", FilmRefused(RefusalCode.DAMAGED, "Cut."))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def outcomes(world: World) -> list[FilmOutcome]:
    return [FilmOutcome.of_exam("film.png", world.exam("rad")), REFUSED]


def test_the_list_says_of_each_film_what_became_of_it(world: World) -> None:
    world.save_film_list(world.actor("rad"), outcomes(world), world.folder / "list.csv")
    head, film, refused = world.tables.written["list.csv"]
    assert head == COLUMNS
    assert dict(zip(COLUMNS, film, strict=True))["verdict"] == "abnormal"
    assert dict(zip(COLUMNS, refused, strict=True))["reason"] == "damaged"
    event = world.audit.log[-1]
    assert (event.action, event.user) == (AuditAction.FILM_LIST_SAVED, "rad")
    assert dict(event.detail) == {"films": "2"}


def test_without_the_permission_to_export_the_answers_stay_in(world: World) -> None:
    told = outcomes(world)
    doctor = world.actor("doc")
    assert doctor.may(Permission.SEE_RESULT)
    world.save_film_list(doctor, told, world.folder / "list.csv")
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in world.tables.written["list.csv"][1:]]
    assert [(row["verdict"], row["probability"]) for row in rows] == [(None, None)] * 2
    assert [row["status"] for row in rows] == ["classified", "refused"]


def test_an_account_that_may_not_run_films_saves_nothing(world: World) -> None:
    told = outcomes(world)
    world.accounts.change(world.actor("admin"), "tech", denied=frozenset({Permission.RUN}))
    with pytest.raises(PermissionDenied):
        world.save_film_list(world.actor("tech"), told, world.folder / "list.csv")
    assert world.tables.written == {}


def test_in_the_file_no_name_is_a_formula(world: World) -> None:
    save = SaveFilmList(
        table_writer(world.out_files, csv_pieces), world.access, world.audit, now=world.clock
    )
    path = world.folder / "list.csv"
    save(world.actor("rad"), [FilmOutcome("=cmd|' /C calc'!A0.png", "not_looked_at")], path)
    assert path.read_text("utf-8-sig").splitlines()[1].startswith("'=cmd")


def test_a_list_that_cannot_be_written_is_not_noted(world: World) -> None:
    save = SaveFilmList(
        table_writer(world.out_files, csv_pieces), world.access, world.audit, now=world.clock
    )
    with pytest.raises(StorageUnavailable):
        save(world.actor("rad"), [REFUSED], world.folder / "none" / "list.csv")
    assert AuditAction.FILM_LIST_SAVED not in world.actions()
