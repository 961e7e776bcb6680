"""A backup put in the place of a data folder that nobody can sign in to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.recovery import SHOWN_AS, RecoverAccess


@dataclass(frozen=True, slots=True)
class Proof:
    """That one may: an account that manages backups, or the recovery key, both of that backup."""

    name: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Who tells whether a proof is right, over a restored folder."""

    access: Access
    recovery: RecoverAccess


class RestoredAside(Protocol):
    """The data folder, and beside it a restored one that is not in use yet."""

    def backups(self) -> Sequence[BackupInfo]:
        """Return the backups in the folder of the settings, the newest first; none without it."""
        ...

    def require_unused(self) -> None:
        """Raise `StorageUnavailable` where the data folder is open in another window."""
        ...

    def is_of_another(self, backup: Path) -> bool:
        """Whether the backup is known to be of another data folder."""
        ...

    def make(self, backup: Path, job: JobContext) -> None:
        """Restore and check it; made once already, keep that. Raises `StorageUnavailable`, …."""
        ...

    def door(self) -> AbstractContextManager[Doorkeeper]:
        """Open the restored folder's door."""
        ...

    def put_in_place(self, event: AuditEvent) -> None:
        """Use it instead of the data folder, which is kept aside; note the event in its log."""
        ...

    def give_up(self) -> None:
        """Remove what was restored."""
        ...


class RestoreAtStart:
    """Nothing is put in place before it is checked whole and the proof is right.

    A wrong proof is counted, and paused, by the restored folder's own door, which stays until
    `give_up`.
    """

    def __init__(self, aside: RestoredAside, now: Callable[[], datetime]) -> None:
        self._aside = aside
        self._now = now

    def backups(self) -> Sequence[BackupInfo]:
        """Return the backups that can be found, the newest first."""
        return self._aside.backups()

    def restore(self, backup: Path, proof: Proof, job: JobContext) -> None:
        """Restore it and put it in place.

        Raises `StorageUnavailable` (damaged, no room, in use), `InvalidRequest` (no backup, or of
        another folder), `SignInRefused`, `PermissionDenied`, `JobCancelled`; the data folder is
        then as it was.
        """
        self._aside.require_unused()
        if self._aside.is_of_another(backup):
            raise InvalidRequest(
                "This backup is of another data folder.", hint="Choose a backup of this one."
            )
        self._aside.make(backup, job)
        job.report("Checking who you are", 0.95)
        with self._aside.door() as keeper:
            who = _prove(keeper, proof)
        job.report("Putting it in place", 0.98)
        event = AuditEvent(
            AuditAction.RESTORE_PREPARED, who, self._now(), backup.name, {"at": "start"}
        )
        self._aside.put_in_place(event)

    def give_up(self) -> None:
        """Remove what was restored for a proof that did not come."""
        self._aside.give_up()


def _prove(keeper: Doorkeeper, proof: Proof) -> str:
    if proof.key:
        keeper.recovery.prove(proof.key)
        return SHOWN_AS
    actor = keeper.access.sign_in(proof.name, proof.password)
    try:
        if not actor.may(Permission.MANAGE_BACKUPS):
            raise PermissionDenied(
                "This account may not restore backups.",
                hint="Use an administrator's account, or the recovery key.",
            )
        return actor.name
    finally:
        keeper.access.sign_out(actor)
