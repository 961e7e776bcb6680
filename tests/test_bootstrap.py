"""The program as it is put together for real: decoder child, ONNX Runtime, SQLite, Argon2."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop import bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from tests.support.film_files import encoded
from tests.support.locked import from_outside
from tests.support.packs import make_pack

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "four quiet winter trains"


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_pack(folder, "tiny")
    return folder


@pytest.fixture
def program(tmp_path: Path, built_in: Path) -> Iterator[Program]:
    program = bootstrap.build(tmp_path / "data", device="cpu", built_in_models=built_in)
    yield program
    program.close()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "drawn.png"
    chest = draw_chest(rows=256, columns=224)
    written, png = cv2.imencode(".png", (160 + chest / chest.max() * 95).astype(np.uint8))
    assert written
    path.write_bytes(png.tobytes())
    return path


def test_the_main_job_runs_from_the_first_account_to_the_history(
    program: Program, film: Path
) -> None:
    assert program.access.needs_first_administrator()
    program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
    actor = program.access.sign_in("ADA", PASSWORD)
    assert program.engine.warm_up() == "CPU"
    opened = program.classify.open(actor, film, NoProgress())
    view = program.classify.run(actor, opened, NoProgress(), StudyInfo(patient_name="Drawn^Film"))
    assert view.assessment is not None
    assert view.assessment.verdict == "abnormal"
    assert view.assessment.heat_map is not None

    (row,) = program.history.search(actor, HistoryQuery(text="drawn")).rows
    assert (row.exam_id, row.patient_name) == (view.exam_id, "Drawn^Film")
    film.unlink()
    again = program.history.open(actor, view.exam_id)
    assert again.assessment is not None
    assert again.assessment.probability == view.assessment.probability
    assert again.assessment.heat_map is not None
    np.testing.assert_array_equal(again.assessment.heat_map.values, view.assessment.heat_map.values)
    stored = program.history.film(actor, view.exam_id, NoProgress())
    np.testing.assert_array_equal(stored.pixels, opened.radiograph.pixels)
    assert stored.file_name == "drawn.png"
    thumbnail = program.history.thumbnail(actor, row)
    assert thumbnail is not None
    assert thumbnail.startswith(b"\x89PNG")
    assert program.engine.draw_map(stored, again.assessment.heat_map).startswith(b"\x89PNG")


def test_everything_is_still_there_after_a_restart(
    program: Program, film: Path, built_in: Path, tmp_path: Path
) -> None:
    program.access.create_first_administrator("ada", "", PASSWORD)
    view = program.classify(program.access.actor("ada"), film, NoProgress())
    program.close()
    again = bootstrap.build(tmp_path / "data", built_in_models=built_in)
    try:
        actor = again.access.sign_in("ada", PASSWORD)
        assert again.history.open(actor, view.exam_id).assessment is not None
        log = SqliteAuditLog(Database.open(again.data, key=again.vault.database_key))
        assert log.verify() == 4
        assert [event.action for event in log.events()] == [
            AuditAction.EXAM_VIEWED,
            AuditAction.SIGN_IN,
            AuditAction.FILM_CLASSIFIED,
            AuditAction.USER_ADDED,
        ]
    finally:
        again.close()


def test_a_refused_film_leaves_no_exam(program: Program, tmp_path: Path) -> None:
    program.access.create_first_administrator("ada", "", PASSWORD)
    actor = program.access.actor("ada")
    words = tmp_path / "words.dcm"
    words.write_bytes(b"These are words, not a film." * 20)
    with pytest.raises(FilmRefused):
        program.classify(actor, words, NoProgress())
    assert program.history.search(actor, HistoryQuery()).total == 0


def test_the_self_test_passes_on_a_sound_installation(program: Program) -> None:
    results = program.self_test(NoProgress())
    assert [(result.name, result.passed) for result in results] == [
        ("Policy", True),
        ("Decoder", True),
        ("Model", True),
        ("Database", True),
        ("Audit log", True),
        ("Full check", True),
        ("Disk space", True),
    ]


def test_the_self_test_finds_a_forged_audit_event(program: Program) -> None:
    program.access.create_first_administrator("ada", "", PASSWORD)
    with from_outside(program.data.database, program.vault.keys()) as forged:
        forged.execute("UPDATE audit SET user = 'eve'")
    failed = [result.name for result in program.self_test(NoProgress()) if not result.passed]
    assert failed == ["Audit log"]


def test_without_a_model_history_and_accounts_still_work(tmp_path: Path) -> None:
    program = bootstrap.build(tmp_path / "data", built_in_models=tmp_path / "none")
    try:
        program.access.create_first_administrator("ada", "", PASSWORD)
        actor = program.access.sign_in("ada", PASSWORD)
        assert program.history.search(actor, HistoryQuery()).total == 0
        with pytest.raises(ModelUnavailable):
            program.engine.warm_up()
    finally:
        program.close()


def test_an_engine_alone_touches_no_data_folder(tmp_path: Path, built_in: Path, film: Path) -> None:
    engine = bootstrap.open_engine(tmp_path / "data", device="cpu", built_in_models=built_in)
    try:
        answer = engine.assess(film, NoProgress())
    finally:
        engine.close()
    assert answer.assessment.device == "CPU"
    assert not (tmp_path / "data").exists()


def test_a_warm_engine_leaves_nothing_to_try_to_the_first_run_of_many(
    tmp_path: Path, built_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = bootstrap.open_engine(tmp_path / "data", device="cpu", built_in_models=built_in)
    try:
        assert engine.warm_up() == "CPU"
        monkeypatch.setattr(OnnxClassifier, "logits", lambda *_: pytest.fail("it ran once more"))
        assert engine.assess_many().classifier().model.id == "tiny"
    finally:
        engine.close()


def test_a_file_in_place_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "taken"
    place.write_bytes(b"mine")
    with pytest.raises(StorageUnavailable):
        bootstrap.build(place)
    assert place.read_bytes() == b"mine"


def test_the_program_is_put_together_without_loading_a_codec_or_the_model_runtime() -> None:
    script = (
        "import sys; import cxr_desktop.bootstrap;"
        "heavy = {'gdcm', 'openjpeg', 'onnxruntime', 'torch', 'PySide6', 'onnx'};"
        "print(*sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []


def test_what_was_got_ready_goes_with_the_sign_out(tmp_path: Path) -> None:
    program = bootstrap.build(tmp_path / "data", device="cpu")
    try:
        actor = program.access.create_first_administrator("ada", "", "seven calm lanterns walk")
        film = tmp_path / "film.png"
        film.write_bytes(encoded(".png", (draw_chest(300, 300) * 255).astype("uint8")))
        opened = program.classify.open(actor, film, NoProgress())
        program.classify.get_ready(actor, opened, NoProgress())
        assert len(list(program.data.films.glob(".*.part"))) == 2
        program.access.sign_out(actor)
        assert list(program.data.films.rglob("*.part")) == []
    finally:
        program.close()
