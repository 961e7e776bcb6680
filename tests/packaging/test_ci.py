"""When `.ci/run` builds the bundle."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import ci
import pytest

NOW = datetime.now(UTC).isoformat(timespec="seconds")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "packaging").mkdir()
    commit(tmp_path, "packaging/build.py", "2020-01-01T12:00:00Z")
    return tmp_path


def commit(root: Path, name: str, day: str) -> None:
    (root / name).write_text(day, encoding="ascii")
    who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    when = {"GIT_COMMITTER_EMAIL": "a@b", "GIT_COMMITTER_DATE": day, "GIT_AUTHOR_DATE": day}
    nothing = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", name]):
        environment = {**who, **when, **nothing, "PATH": "/usr/bin:/bin", "HOME": str(root)}
        subprocess.run(["git", *words], cwd=root, check=True, env=environment)


def test_an_old_change_is_no_reason_and_a_new_one_is(repository: Path) -> None:
    assert ci.reason({}, repository) == ""
    commit(repository, "notes.md", NOW)
    assert ci.reason({}, repository) == ""
    commit(repository, "packaging/build.py", NOW)
    assert ci.reason({}, repository) == "packaging/build.py changed"


def test_the_variable_asks_for_it_or_forbids_it(repository: Path) -> None:
    assert ci.ASKED in ci.reason({ci.ASKED: "1"}, repository)
    commit(repository, "packaging/build.py", NOW)
    assert ci.reason({ci.ASKED: "0"}, repository) == ""


def test_a_folder_without_git_is_no_reason(tmp_path: Path) -> None:
    assert ci.reason({"PATH": "/usr/bin:/bin"}, tmp_path / "nowhere") == ""
