"""Passwords and the data key, in one: who unwraps the key has the password."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.storage.connection import is_encrypted
from cxr_desktop.storage.data_keys import KEY_BYTES
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door, has_keys, put_public
from cxr_desktop.storage.faults import file_faults
from cxr_desktop.storage.sealed import public_part
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import take_waiting_events
from cxr_desktop.storage.wraps import Cost, is_current, unwrap_key, wrap_key


class DataLock:
    """The `PasswordHasher` of a data folder: its hashes are the wrapped data key.

    Who opens it first has the database checked, brought up to date, and given what waits at the
    door.
    """

    def __init__(
        self,
        vault: Vault,
        database: Database,
        door: Door,
        now: Callable[[], datetime],
        cost: Cost | None = None,
    ) -> None:
        self._vault = vault
        self._database = database
        self._door = door
        self._now = now
        self._cost = cost or Cost()

    def hash(self, password: str) -> str:
        """Return the data key wrapped by a password. Raises `StorageUnavailable` while locked."""
        return wrap_key(self._vault.master, password, self._cost)

    def verify(self, encoded: str, password: str) -> bool:
        """Whether it is the password."""
        return unwrap_key(encoded, password) is not None

    def needs_rehash(self, encoded: str) -> bool:
        """Whether it was wrapped otherwise than today."""
        return not is_current(encoded, self._cost)

    def pretend(self, password: str) -> None:
        """Take as long as `verify`."""
        wrap_key(bytes(KEY_BYTES), password, self._cost)

    def begin(self, who: str) -> None:
        """Make a new data folder with a key of its own, held for `who`.

        Raises `InvalidRequest` where there are accounts, `StorageUnavailable`.
        """
        with self._door.write() as door:
            if has_keys(door):
                raise InvalidRequest(
                    "This program already has accounts.",
                    hint="Ask an administrator to add one for you.",
                )
            self._vault.put(who, secrets.token_bytes(KEY_BYTES))
            try:
                put_public(door, public_part(self._vault.keys().seal))
                _put_aside(self._database.path)
                self._database.prepare()
            except BaseException:
                self._vault.release(who)
                raise

    def unlock(self, who: str, encoded: str, password: str) -> bool:
        """Hold the key once more for `who` if it is the password. Raises `StorageUnavailable`."""
        master = unwrap_key(encoded, password)
        if master is None:
            return False
        was_open = self._vault.is_open
        self._vault.put(who, master)
        if not was_open:
            try:
                _refuse_absent(self._database.path)
                self._database.prepare()
                self._database.quick_check()
                take_waiting_events(self._database, self._door, self._vault, self._now)
            except BaseException:
                self._vault.release(who)
                raise
            with suppress(StorageUnavailable):  # nobody is kept out for want of a second copy
                self._door.keep_copy()
        return True

    def release(self, who: str) -> None:
        """Hold the key once less for `who`; held for nobody, it is forgotten."""
        self._vault.release(who)


def _refuse_absent(path: Path) -> None:
    """Raise `StorageUnavailable` where accounts lost their database: none is made in its place."""
    if not is_encrypted(path):
        raise StorageUnavailable(
            f"“{path.name}” is missing from the data folder, or is not what the keys open.",
            hint="Restore the newest backup: “Restore a backup…”, or “cxr-desktop backup restore”.",
        )


def _put_aside(path: Path) -> None:
    """Move away a database of which no key exists: its making was cut off before an account."""
    if not path.exists() or path.stat().st_size == 0:
        return
    number = 1
    while (aside := path.with_name(f"{path.name}.unfinished-{number}")).exists():
        number += 1
    with file_faults():
        path.rename(aside)
        for ending in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + ending).unlink()
