"""The last self-test, in a small file of the data folder; nothing of a patient is in it."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from cxr_desktop.domain.self_test import CheckResult, SelfTestReport
from cxr_desktop.files import replacing
from cxr_desktop.storage.faults import file_faults


class SelfTestFile:
    """The `SelfTestReports` of a data folder, read without a key; a damaged one is none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self) -> SelfTestReport | None:
        """Return the last self-test; None before the first, or when it cannot be read."""
        try:
            body = self._read()["last"]
            results = tuple(
                CheckResult(str(row["check"]), bool(row["passed"]), str(row["message"]))
                for row in body["results"]
            )
            return SelfTestReport(_moment(body["time"]), str(body["program_version"]), results)
        except (KeyError, TypeError, ValueError):
            return None

    def last_passed(self) -> datetime | None:
        """Return when every check of the start passed last."""
        try:
            return _moment(self._read()["last_passed"])
        except (KeyError, TypeError, ValueError):
            return None

    def keep(self, report: SelfTestReport, *, passed: bool) -> None:
        """Keep this one. Raises `StorageUnavailable`."""
        before = self.last_passed()
        good = report.time if passed else before
        rows = [result.row for result in report.results]
        body = {
            "last_passed": good.isoformat() if good else None,
            "last": {
                "time": report.time.isoformat(),
                "program_version": report.program_version,
                "results": rows,
            },
        }
        with file_faults(), replacing(self._path, self._path.parent) as file:
            file.write(json.dumps(body, indent=1).encode())

    def _read(self) -> dict[str, Any]:
        try:
            body = json.loads(self._path.read_bytes())
        except OSError:
            return {}
        return body if isinstance(body, dict) else {}


def _moment(text: object) -> datetime:
    """Read an aware moment. Raises ValueError."""
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment
