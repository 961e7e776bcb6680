"""What a data folder from before encryption still holds unencrypted: films and old copies."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.domain.ports import JobContext
from cxr_desktop.storage.conversion import encrypt_copies
from cxr_desktop.storage.image_store import FilmFolder
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.vault import Vault


class EncryptRest:
    """Encrypts it while somebody is signed in; cut off, it goes on the next time."""

    def __init__(self, paths: DataPaths, archive: FilmFolder, vault: Vault) -> None:
        self._paths = paths
        self._archive = archive
        self._vault = vault

    def __call__(self, job: JobContext) -> int:
        """Encrypt all of it; return how many films there were.

        Raises `StorageUnavailable`, `JobCancelled`.
        """
        encrypt_copies(self._paths.backups, self._vault.keys())
        films: Sequence[Path] = self._archive.plain_films()
        for number, film in enumerate(films):
            job.report("Encrypting the stored films", number / len(films))
            self._archive.encrypt_film(film)
        return len(films)
