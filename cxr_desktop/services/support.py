"""One file for whoever is asked for help: what runs here, what failed, nothing of a patient."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.settings import Setting, SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.selftest import SelfTest

READ_ME = """CXR Desktop: support bundle of {time}

versions.txt    the program, its parts and models, this computer
self-test.json  what the program's own checks say now
settings.txt    the settings; of texts only whether there is one
log/            what went wrong and where in the code; every other line was left out

Nothing about a patient is in here: no film, no answer, no exam, no audit log, no account. It is
plain text: look through it before you pass it on.
"""


@dataclass(frozen=True, slots=True)
class SupportTools:
    """What the bundle is made with: each gives, or takes, plain text."""

    versions: Callable[[], str]
    logs: Callable[[], Mapping[str, str]]
    pack: Callable[[Mapping[str, str]], bytes]
    write: Callable[[Path, bytes], None]


class MakeSupportBundle:
    """Writes the bundle. Without an open data folder there are no settings and no self-test."""

    def __init__(
        self,
        tools: SupportTools,
        now: Callable[[], datetime],
        settings: SettingsStore | None = None,
        self_test: SelfTest | None = None,
        problem: str = "",
    ) -> None:
        self._tools = tools
        self._now = now
        self._settings = settings
        self._self_test = self_test
        self._problem = problem

    def __call__(self, target: Path, job: JobContext) -> tuple[str, ...]:
        """Write a new ZIP file and return the names of what is in it.

        Raises `InvalidRequest` for a file that is there already, and `StorageUnavailable`.
        """
        job.report("Collecting versions and logs", 0.0)
        files = {"README.txt": READ_ME.format(time=self._now().strftime("%Y-%m-%d %H:%M UTC"))}
        if self._problem:
            files["problem.txt"] = f"The data folder could not be opened. {self._problem}\n"
        files["versions.txt"] = self._tools.versions()
        if self._settings is not None:
            settings = self._settings
            files["settings.txt"] = "".join(_line(row, settings) for row in settings.rows())
        if self._self_test is not None:
            files["self-test.json"] = self._tested(self._self_test, job)
        files |= {f"log/{name}": text for name, text in self._tools.logs().items()}
        self._tools.write(target, self._tools.pack(files))
        return tuple(files)

    def _tested(self, self_test: SelfTest, job: JobContext) -> str:
        rows = [result.row for result in self_test(job)]
        passed = self_test.standing().last_passed
        last = passed.isoformat() if passed is not None else None
        return json.dumps({"last_passed": last, "results": rows}, indent=1) + "\n"


class GiveSupportBundle:
    """Makes it for a signed-in person: everybody may, and it is noted."""

    def __init__(
        self,
        make: MakeSupportBundle,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self.make = make
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(self, actor: Actor, target: Path, job: JobContext) -> tuple[str, ...]:
        """Write it, and note that; raises as `MakeSupportBundle`, and `PermissionDenied`."""
        current = self._access.active(actor)
        names = self.make(target, job)
        event = AuditEvent(AuditAction.SUPPORT_BUNDLE_MADE, current.name, self._now())
        self._audit.append(event)
        return names


def _line(row: Setting, settings: SettingsStore) -> str:
    value = settings.get(row.key)
    if row.kind in {"text", "folder", "picture"}:  # names of hospitals and places stay here
        value = "(a text)" if value else "(empty)"
    locked = "   (policy)" if row.locked else ""
    return f"{row.key} = {value}{locked}\n"
