import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from cxr_desktop import bootstrap, locations
from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.history import ExamRecord
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.services.classify_many import TOGETHER
from cxr_desktop.settings.store import TomlSettings
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from tests.cli.conftest import FILM_FIELDS, FILMS, PASSWORD, Run, Said, one_sentence, secret
from tests.support.locked import keys_of

FIELDS = [*FILM_FIELDS, "exam_id"]


def batch(run: Run, data: Path, *words: str | Path, user: str = "ada") -> Said:
    return run(
        *("--data-dir", data, "batch", *words, "--record", "--user", user, "--password-stdin"),
        stdin=secret(),
    )


def history(run: Run, data: Path, *words: str) -> list[dict[str, object]]:
    said = run(
        *("--data-dir", data, "history", "--user", "ada", "--password-stdin", "--json", *words),
        stdin=secret(),
    )
    assert said.status == 0, said.err
    return said.rows


def audited(data: Path) -> list[AuditAction]:
    keys = keys_of(data, "ada", PASSWORD)
    log = SqliteAuditLog(Database.open(DataPaths(data), key=lambda: keys.database))
    assert log.verify() > 0
    return [event.action for event in reversed(log.events())]


def test_films_are_classified_stored_and_found_again(run: Run, hospital: Path, films: Path) -> None:
    said = batch(run, hospital, films, "--json")
    assert said.status == 0
    assert [list(row) for row in said.rows] == [FIELDS] * 2
    assert said.err == "2 classified and stored, 0 refused.\n"
    found = history(run, hospital)
    assert [row["exam_id"] for row in found] == [row["exam_id"] for row in reversed(said.rows)]
    assert {row["file"] for row in found} == {"bright.png", "dark.png"}
    plain = run("classify", films, "--json").rows
    assert [row["probability"] for row in said.rows] == [row["probability"] for row in plain]


def test_what_was_done_is_in_the_audit_log(run: Run, hospital: Path, films: Path) -> None:
    (films / "broken.png").write_bytes(b"words")
    assert batch(run, hospital, films, "--json").status == 1
    before, films_of, after = audited(hospital)[:2], audited(hospital)[2:-1], audited(hospital)[-1]
    assert before == [AuditAction.USER_ADDED, AuditAction.SIGN_IN]
    assert Counter(films_of) == {AuditAction.FILM_CLASSIFIED: 2, AuditAction.FILM_REFUSED: 1}
    assert after is AuditAction.SIGN_OUT


def test_the_films_own_bytes_are_kept(run: Run, hospital: Path, films: Path) -> None:
    batch(run, hospital, films / "dark.png")
    (row,) = history(run, hospital)
    keys = keys_of(hospital, "ada", PASSWORD)
    kept = FilmFolder(hospital / "films", lambda: keys).content(str(row["film_sha256"]))
    assert kept == (films / "dark.png").read_bytes()
    if os.name == "posix":
        assert (hospital / "history.sqlite3").stat().st_mode & 0o077 == 0


def test_plain_text_ends_with_the_sums_and_who_decides(
    run: Run, hospital: Path, films: Path
) -> None:
    said = batch(run, hospital, films)
    assert said.lines[-2] == "2 classified and stored, 0 refused."


def test_without_record_it_is_a_usage_error(run: Run, hospital: Path, films: Path) -> None:
    said = run("--data-dir", hospital, "batch", films, "--user", "ada", "--password-stdin")
    assert said.status == 2
    assert "--record" in said.err


@pytest.mark.parametrize(
    ("user", "password"), [("nobody", PASSWORD), ("ada", "wrong guess entirely")]
)
def test_unknown_user_and_wrong_password_get_the_same_sentence(
    run: Run, hospital: Path, films: Path, user: str, password: str
) -> None:
    said = run(
        *("--data-dir", hospital, "batch", films, "--record", "--user", user, "--password-stdin"),
        stdin=secret(password),
    )
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "do not belong to an active account")
    assert history(run, hospital) == []


def test_a_data_folder_that_does_not_exist_is_not_made(run: Run, data: Path, films: Path) -> None:
    said = batch(run, data, films)
    assert said.status == 2
    one_sentence(said, "There is no data folder")
    assert not data.exists()


def test_a_folder_without_accounts_says_how_to_make_one(run: Run, data: Path, films: Path) -> None:
    data.mkdir()
    said = batch(run, data, films)
    assert said.status == 2
    one_sentence(said, "admin create")


def test_an_account_that_may_not_see_answers_stores_them_unseen(
    run: Run, hospital: Path, films: Path, built_in: Path
) -> None:
    program = bootstrap.build(hospital, built_in_models=built_in)
    ada = program.access.sign_in("ada", PASSWORD)
    program.accounts.add(ada, "tim", "", "Technicians", "eight brown paper cranes")
    tim = program.access.sign_in("tim", "eight brown paper cranes")
    program.access.change_password(tim, "eight brown paper cranes", PASSWORD)
    program.close()
    said = batch(run, hospital, films, "--json", user="tim")
    assert said.status == 0
    assert {row["status"] for row in said.rows} == {"classified"}
    assert {(row["verdict"], row["probability"]) for row in said.rows} == {(None, None)}
    again = batch(run, hospital, films, "--again", user="tim")
    assert "normal" not in again.out.replace("P(ABN)", "")
    own = run(
        *("--data-dir", hospital, "history", "--user", "tim", "--password-stdin", "--json"),
        *("--verdict", "abnormal"),
        stdin=secret(),
    )
    assert len(own.rows) == 4
    assert {row["verdict"] for row in own.rows} == {None}
    assert "may not see" in own.err
    assert {row["verdict"] for row in history(run, hospital)} == {"normal", "abnormal"}


def test_a_full_disk_stops_with_one_sentence_and_keeps_what_was_stored(
    run: Run, hospital: Path, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_all = SqliteHistory.add_all

    def fill(self: SqliteHistory, exams: Sequence[tuple[ExamRecord, AuditEvent]]) -> None:
        if any(record.film.file_name == "dark.png" for record, _ in exams):
            raise StorageUnavailable("The disk is full.", hint="Free some space.")
        add_all(self, exams)

    monkeypatch.setattr(SqliteHistory, "add_all", fill)
    said = batch(run, hospital, films, "--json")
    assert said.status == 2
    told = [Path(row["file"]).name for row in said.rows]
    assert told in ([], ["bright.png"])  # one transaction or two: nothing told that is not there
    assert said.err.splitlines() == [
        f"{len(told)} classified and stored, 0 refused, {2 - len(told)} not looked at.",
        "cxr-desktop: The disk is full. Free some space.",
    ]
    assert [row["file"] for row in history(run, hospital)] == told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows delivers Ctrl+C to whole consoles")
def test_ctrl_c_stops_after_what_was_stored_with_a_summary(
    run: Run, hospital: Path, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_exam = FilmOutcome.of_exam
    pressed: list[Path] = []

    def interrupted(path: Path, exam: object) -> FilmOutcome:
        if not pressed:
            pressed.append(path)
            signal.raise_signal(signal.SIGINT)
        return of_exam(path, exam)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(FilmOutcome, "of_exam", interrupted)
    before = signal.getsignal(signal.SIGINT)
    said = batch(run, hospital, many, "--json")
    assert said.status == 130
    told = len(said.rows)
    assert 1 <= told <= TOGETHER < FILMS
    first, then = said.err.splitlines()
    assert first == f"{told} classified and stored, 0 refused, {FILMS - told} not looked at."
    assert "give the same command again" in then
    assert signal.getsignal(signal.SIGINT) is before
    assert len(history(run, hospital)) == told
    assert audited(hospital)[-1] is AuditAction.SIGN_OUT
    monkeypatch.undo()
    on = batch(run, hospital, many, "--json")
    became = Counter(row["status"] for row in on.rows)
    assert became == {"stored_before": told, "classified": FILMS - told}
    assert len(history(run, hospital)) == FILMS


def test_a_second_run_does_nothing_twice_unless_it_is_asked_to(
    run: Run, hospital: Path, films: Path
) -> None:
    first = {row["file"]: row["exam_id"] for row in batch(run, hospital, films, "--json").rows}
    (films / "copy of dark.png").write_bytes((films / "dark.png").read_bytes())
    second = batch(run, hospital, films, "--json")
    assert second.status == 0
    assert {row["status"] for row in second.rows} == {"stored_before"}
    told = {Path(row["file"]).name: row["exam_id"] for row in second.rows}
    assert told["copy of dark.png"] == told["dark.png"]
    assert set(told.values()) == set(first.values())
    assert "2 classified" not in second.err
    assert "3 in the History already" in second.err
    batch(run, hospital, films, "--again")
    assert len(history(run, hospital)) == 5


def test_no_password_and_no_patient_reach_the_output(run: Run, hospital: Path, films: Path) -> None:
    said = batch(run, hospital, films)
    assert PASSWORD not in said.out + said.err
    assert said.lines[-1] == DISCLAIMER


def test_films_go_to_no_other_computer_until_an_administrator_allows_it(
    run: Run, hospital: Path, films: Path
) -> None:
    said = batch(run, hospital, films, "--scheduler", "tls://gpu1:8786")
    assert said.status == 2
    assert "Films may not be sent to other computers" in said.err
    assert history(run, hospital) == []
    assert AuditAction.OTHER_COMPUTERS_USED not in audited(hospital)


def test_the_policy_of_the_computer_keeps_them_here_whatever_an_administrator_allowed(
    run: Run, hospital: Path, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TomlSettings(hospital / "settings.toml").set("batch.other_computers", value=True)
    policy = hospital.parent / "policy.toml"
    policy.write_text("[machine]\nnetwork = 'off'\n")
    monkeypatch.setattr(locations, "policy_file", lambda: policy)
    said = batch(run, hospital, films, "--scheduler", "tls://gpu1:8786")
    assert said.status == 2
    assert "keeps the program off the network" in said.err
    assert history(run, hospital) == []
    assert AuditAction.OTHER_COMPUTERS_USED not in audited(hospital)


def test_allowed_they_still_go_only_encrypted_and_it_is_noted(
    run: Run, hospital: Path, films: Path
) -> None:
    TomlSettings(hospital / "settings.toml").set("batch.other_computers", value=True)
    said = batch(run, hospital, films, "--scheduler", "tcp://gpu1:8786")
    assert said.status == 2
    assert "unencrypted" in said.err
    assert history(run, hospital) == []
    assert AuditAction.OTHER_COMPUTERS_USED in audited(hospital)


def test_without_the_extra_a_sentence_says_what_to_install(
    run: Run, hospital: Path, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TomlSettings(hospital / "settings.toml").set("batch.other_computers", value=True)
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "cxr_desktop.distributed.dask_cluster", raising=False)
    said = batch(run, hospital, films, "--scheduler", "tls://gpu1:8786")
    assert said.status == 2
    assert "the extra “cluster”" in said.err
