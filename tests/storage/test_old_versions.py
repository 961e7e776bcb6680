"""Data folders that older versions really made open in this one, and lose nothing.

They were made by `tests/support/old_versions/make.py` in checkouts of those versions: two exams of
drawn films, accounts `ada` (administrator) and `doc`, one setting.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop import bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.errors import SignInRefused, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.storage.connection import connection, is_plain
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from tests.support.film_files import encoded
from tests.support.locked import database_key
from tests.support.old_versions.make import PASSWORD
from tests.support.packs import make_pack

STORED = Path(__file__).resolve().parents[1] / "support" / "old_versions"
VERSIONS = {1: "schema-01", 6: "schema-06", 13: "schema-13"}
PATIENT = b"Drawn^Film"


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_pack(folder, "tiny")
    return folder


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The data folder of one old version."""
    with zipfile.ZipFile(STORED / f"{VERSIONS[request.param]}.zip") as archive:
        archive.extractall(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def program(old: Path, built_in: Path) -> Iterator[Program]:
    made = bootstrap.build(old, device="cpu", built_in_models=built_in)
    yield made
    made.close()


def signed_in(program: Program) -> Actor:
    actor = program.access.sign_in("ada", PASSWORD)
    program.encrypt_rest(NoProgress())
    return actor


def shape_of(path: Path, key: str) -> list[tuple[str, ...]]:
    with connection(path, key=lambda: key) as opened:
        return list(
            opened.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 2")
        )


def test_every_exam_is_there_with_its_film_and_its_answer(program: Program) -> None:
    actor = signed_in(program)
    rows = program.history.search(actor, HistoryQuery()).rows
    assert [row.patient_name for row in rows] == ["Drawn^Film 2", "Drawn^Film 1"]
    for row in rows:
        view = program.history.open(actor, row.exam_id)
        assert view.assessment is not None
        assert view.assessment.probability == row.probability
        assert view.assessment.heat_map is not None
        film = program.history.film(actor, row.exam_id, NoProgress())
        assert film.pixels.shape == (224, 200)
        assert film.sha256 == view.film.sha256
        assert (program.history.thumbnail(actor, row) or b"").startswith(b"\x89PNG")
    assert [row.patient_id for row in program.history.search(actor, HistoryQuery("drawn")).rows]


def test_the_accounts_the_log_and_the_settings_are_there(program: Program) -> None:
    with pytest.raises(SignInRefused):
        program.access.sign_in("ada", "not the password at all")
    actor = signed_in(program)
    assert program.settings.get("session.idle_lock_minutes") == 3
    assert {user.name for user in program.accounts.users(actor)} == {"ada", "doc"}
    program.audit_trail.verify(actor)
    actions = [entry.event.action for entry in program.audit_trail.search(actor, AuditQuery())]
    assert actions.count(AuditAction.FILM_CLASSIFIED) == 2
    check = program.full_check.run(NoProgress())
    assert (check.films, check.found_nothing) == (2, True)
    assert all(result.passed for result in program.self_test(NoProgress()))


def test_work_goes_on_in_it(program: Program, tmp_path: Path) -> None:
    actor = signed_in(program)
    exam = program.history.search(actor, HistoryQuery()).rows[0].exam_id
    film = tmp_path / "again.png"
    film.write_bytes(encoded(".png", (160 + draw_chest(256, 224) * 95).astype(np.uint8)))
    view = program.classify(actor, film, NoProgress())
    assert program.history.search(actor, HistoryQuery()).rows[0].exam_id == view.exam_id
    program.deleting.delete(actor, exam, "the wrong patient")
    assert len(program.history.search(actor, HistoryQuery()).rows) == 2


def test_nothing_of_a_patient_is_left_unencrypted(program: Program, old: Path) -> None:
    signed_in(program)
    assert not is_plain(old / "history.sqlite3")
    hits = [path for path in old.rglob("*") if path.is_file() and PATIENT in path.read_bytes()]
    assert hits == []


def test_a_copy_of_before_is_kept(program: Program, old: Path) -> None:
    signed_in(program)
    copies = [path.name for path in (old / "backups").iterdir()]
    assert any(name.startswith("before-migration-") for name in copies)


def test_the_database_is_as_if_made_today(program: Program, old: Path, tmp_path: Path) -> None:
    signed_in(program)
    new = tmp_path / "new.sqlite3"
    Database.open(new, key=database_key)
    grown = shape_of(old / "history.sqlite3", program.vault.database_key())
    assert grown == shape_of(new, database_key())


def test_a_folder_of_a_newer_version_is_refused_at_the_sign_in_and_left_as_it_is(
    program: Program, old: Path, built_in: Path
) -> None:
    signed_in(program)
    key = program.vault.database_key()

    def m9999_of_next_year(_: object) -> None:
        pass

    Database.open(DataPaths(old), key=lambda: key, migrations=(*MIGRATIONS, m9999_of_next_year))
    program.close()
    before = hashlib.sha256((old / "history.sqlite3").read_bytes()).hexdigest()
    again = bootstrap.build(old, device="cpu", built_in_models=built_in)
    try:
        with pytest.raises(StorageUnavailable, match="newer version") as refused:
            again.access.sign_in("ada", PASSWORD)
        assert "Install the newer version" in refused.value.hint
    finally:
        again.close()
    assert hashlib.sha256((old / "history.sqlite3").read_bytes()).hexdigest() == before
