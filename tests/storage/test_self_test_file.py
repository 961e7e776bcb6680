"""What a data folder keeps of its last self-test."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.self_test import CheckResult, SelfTestReport, SelfTestReports
from cxr_desktop.storage.self_test_file import SelfTestFile
from tests.support.self_tests import MemoryReports

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
GOOD = SelfTestReport(NOON, "0.1.0", (CheckResult("Model", passed=True, message="Fine “µ”."),))
BAD = SelfTestReport(
    NOON + timedelta(days=1), "0.2.0", (CheckResult("Disk", passed=False, message="Full."),)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "self-test.json"


@pytest.fixture(params=["memory", "file"])
def reports(request: pytest.FixtureRequest, path: Path) -> SelfTestReports:
    return MemoryReports() if request.param == "memory" else SelfTestFile(path)


def test_before_the_first_there_is_none(reports: SelfTestReports) -> None:
    assert reports.last() is None
    assert reports.last_passed() is None


def test_the_last_one_and_the_last_that_passed_are_kept(reports: SelfTestReports) -> None:
    reports.keep(BAD, passed=False)
    assert (reports.last(), reports.last_passed()) == (BAD, None)
    reports.keep(GOOD, passed=True)
    reports.keep(BAD, passed=False)
    assert (reports.last(), reports.last_passed()) == (BAD, GOOD.time)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"\xff",
        b"[]",
        b'{"last": 3, "last_passed": "x"}',
        b'{"last": {"results": [{}]}, "last_passed": "2026-01-01T00:00:00"}',
    ],
)
def test_a_damaged_file_is_none_and_is_replaced_by_the_next(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    reports = SelfTestFile(path)
    assert reports.last() is None
    assert reports.last_passed() is None
    reports.keep(GOOD, passed=True)
    assert reports.last() == GOOD
    assert json.loads(path.read_text())["last"]["results"][0]["passed"] is True


def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        SelfTestFile(tmp_path / "gone" / "self-test.json").keep(GOOD, passed=True)
