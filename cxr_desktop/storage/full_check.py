"""Reading all of a data folder: database, audit log, and every stored film."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.faults import LOCKED
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.removals_shape import NO_FILM
from cxr_desktop.storage.vault import Vault

FILMS = "SELECT DISTINCT film_sha256 FROM exams WHERE film_sha256 <> ? ORDER BY film_sha256"


class FolderReader:
    """The `FolderParts` of a data folder; `vault` has its key.

    What cannot be read because the folder was locked, or is busy, says nothing: that is raised.
    """

    def __init__(
        self, database: Database, log: SqliteAuditLog, archive: FilmFolder, vault: Vault
    ) -> None:
        self._database = database
        self._log = log
        self._archive = archive
        self._vault = vault

    def database_is_sound(self) -> bool:
        """Whether every page, index and rule of the database is as it should be."""
        try:
            with self._database.read() as db:
                return db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except StorageUnavailable as error:
            return self._not_sound(error)

    def log_is_sound(self) -> bool:
        """Whether no event of the audit log was changed."""
        try:
            self._log.verify()
        except StorageUnavailable as error:
            return self._not_sound(error)
        return True

    def films(self) -> Sequence[str]:
        """Return the SHA-256 of every film of an exam, in order. Raises `StorageUnavailable`."""
        with self._database.read() as db:
            rows = db.execute(FILMS, (NO_FILM,))
            return [str(row[0]) for row in rows]

    def film_is_sound(self, sha256: str) -> bool:
        """Whether the stored film is there, and the one that was classified."""
        try:
            return hashlib.sha256(self._archive.content(sha256)).hexdigest() == sha256
        except StorageUnavailable as error:
            return self._not_sound(error)

    def _not_sound(self, error: StorageUnavailable) -> bool:
        """Return False. Raises `StorageUnavailable` where the fault is not the folder's."""
        self._vault.keys()  # raises when nobody is signed in any more
        if error.message == LOCKED[0]:
            raise error
        return False
