import re
from pathlib import Path

from tests.cli.conftest import PASSWORD, Run, Said, one_sentence, secret
from tests.support.locked import from_outside, keys_of


def audit(run: Run, data: Path, *words: str) -> Said:
    who = ("--user", "ada", "--password-stdin")
    return run("--data-dir", data, "audit", *words, *who, stdin=secret())


def test_a_sound_log_is_verified_and_its_seal_holds(run: Run, hospital: Path) -> None:
    said = audit(run, hospital, "verify")
    assert said.status == 0
    found = re.fullmatch(r"(\d+) events, none changed\. Seal: (\d+-[0-9a-f]{16})", said.lines[0])
    assert found is not None
    again = audit(run, hospital, "verify", "--json", "--seal", found[2])
    assert again.status == 0
    assert again.rows[0]["sound"] is True
    assert again.rows[0]["events"] > int(found[1])


def test_a_log_that_was_changed_is_status_2(run: Run, hospital: Path) -> None:
    keys = keys_of(hospital, "ada", PASSWORD)
    with from_outside(hospital / "history.sqlite3", keys) as outside:
        outside.execute("UPDATE audit SET user = 'eve' WHERE seq = 1")
    said = audit(run, hospital, "verify")
    assert said.status == 2
    one_sentence(said, "changed from outside: Event 1")


def test_another_logs_seal_is_refused(run: Run, hospital: Path) -> None:
    one_sentence(audit(run, hospital, "verify", "--seal", "1-0123456789abcdef"), "sealed")
    one_sentence(audit(run, hospital, "verify", "--seal", "hello"), "no seal")


def test_events_are_listed_newest_first_and_narrowed(run: Run, hospital: Path) -> None:
    rows = audit(run, hospital, "list", "--json").rows
    assert [row["action"] for row in rows] == ["audit_log_used", "sign_in", "user_added"]
    assert list(rows[0]) == ["number", "time", "user", "action", "subject", "detail", "hash"]
    only = audit(run, hospital, "list", "--json", "--action", "user_added", "--of", "ADA").rows
    assert [row["subject"] for row in only] == ["ada"]
    assert len(audit(run, hospital, "list", "--limit", "2").lines) == 2
