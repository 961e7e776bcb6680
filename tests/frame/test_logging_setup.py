"""The log tells where it broke and nothing of a patient."""

import faulthandler
import logging
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.logging_setup import CRASH_NAME, LOG_NAME, start_logging


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    level, crash_log_on = logging.getLogger().level, faulthandler.is_enabled()
    files = start_logging(tmp_path / "logs")
    yield tmp_path / "logs" / LOG_NAME
    files.close()
    logging.getLogger().setLevel(level)
    if crash_log_on:
        faulthandler.enable()


def test_a_record_is_one_line_in_utc(log: Path) -> None:
    logging.getLogger("cxr_desktop.x").info("exam %s\nFORGED line", "e1")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO cxr_desktop\.x: exam e1.FORGED line\n",
        log.read_text("utf-8"),
    )


def test_an_exception_leaves_its_type_and_place_but_no_text(log: Path) -> None:
    try:
        try:
            raise KeyError("Khan^Ayesha")
        except KeyError as error:
            raise ValueError("tag of Khan^Ayesha is bad") from error
    except ValueError:
        logging.getLogger("cxr_desktop").exception("bug 1234")
    text = log.read_text("utf-8")
    assert "bug 1234" in text
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_logging_setup.py:" in text
    assert "Khan" not in text


def test_the_stacks_of_a_crash_have_a_file(log: Path) -> None:
    assert (log.parent / CRASH_NAME).is_file()
    assert faulthandler.is_enabled()


@pytest.mark.skipif(os.name == "nt", reason="folders have no mode bits there")
def test_the_folder_is_for_this_account_only(log: Path) -> None:
    assert log.parent.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageUnavailable, match="log cannot be written"):
        start_logging(tmp_path / "file" / "logs")


def test_a_large_file_of_crashes_makes_room_and_one_older_is_kept(tmp_path: Path) -> None:
    for text in ("oldest", "older"):
        (tmp_path / CRASH_NAME).write_text(text * 300_000)
        level = logging.getLogger().level
        start_logging(tmp_path).close()
        logging.getLogger().setLevel(level)
    assert (tmp_path / CRASH_NAME).read_text() == ""
    assert (tmp_path / f"{CRASH_NAME}.1").read_text().startswith("older")
    assert len(list(tmp_path.glob(f"{CRASH_NAME}*"))) == 2
