"""Checking a backup, and making a data folder of it again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.files import make_folder, sync_folder
from cxr_desktop.storage.backup_parts import (
    DATABASE,
    DOOR,
    PREFIX,
    Manifest,
    Part,
    backup_faults,
    check_database,
    copy_checked,
    damaged_backup,
    pool_path,
    read_manifest,
    sha256_of,
)
from cxr_desktop.storage.connection import connection, is_plain
from cxr_desktop.storage.faults import database_faults
from cxr_desktop.storage.sealed import public_part
from cxr_desktop.storage.vault import Vault


class BackupReader:
    """Needs no data folder and no account: a restored folder opens with its own passwords.

    With the open `vault` of the folder that a backup was made of, the encrypted database is looked
    into, too; without it, its SHA-256 tells that it is the one that was checked when it was copied.
    """

    def __init__(self, vault: Vault | None = None) -> None:
        self._vault = vault

    def verify(self, backup: Path, job: JobContext) -> BackupInfo:
        """Read every byte: all files there and as they were; with the key, also the database.

        Raises `StorageUnavailable`, naming the first thing that is wrong, and `InvalidRequest` for
        a folder that is no backup.
        """
        manifest = self._manifest(backup)
        for number, (name, part) in enumerate(manifest.parts.items()):
            job.report("Checking the backup", 0.9 * number / len(manifest.parts))
            source = _source(backup, name, part)
            with backup_faults():
                whole = (
                    source.is_file()
                    and source.stat().st_size == part.size
                    and sha256_of(source) == part.sha256
                )
            if not whole:
                raise damaged_backup(name)
        job.report("Checking its database", 0.9)
        self._check(backup, manifest)
        return manifest.info(backup)

    def restore(self, backup: Path, target: Path, job: JobContext) -> BackupInfo:
        """Make the data folder `target` out of a backup; it must be absent or empty.

        It gets its name only when everything was copied and checked. Raises as `verify` does.
        """
        manifest = self._manifest(backup)
        with backup_faults():
            if target.exists() and not (target.is_dir() and not any(target.iterdir())):
                raise InvalidRequest(
                    f"“{target}” is not empty.",
                    hint="Restore into a new folder; the old data folder stays as it is.",
                )
            target.parent.mkdir(parents=True, exist_ok=True)
            self._check_space(target.parent, manifest)
            made = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part",
                                         dir=target.parent))  # fmt: skip
        try:
            self._copy(backup, made, manifest, job)
            with backup_faults():
                if target.exists():
                    target.rmdir()
                made.rename(target)
                sync_folder(target.parent)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
        return manifest.info(backup)

    def _copy(self, backup: Path, made: Path, manifest: Manifest, job: JobContext) -> None:
        for number, (name, part) in enumerate(manifest.parts.items()):
            job.report("Restoring", 0.9 * number / len(manifest.parts))
            place = made.joinpath(*PurePosixPath(name).parts)
            source = _source(backup, name, part)
            with backup_faults():
                for folder in [*reversed(place.relative_to(made).parents)]:
                    make_folder(made / folder)
                if not source.is_file():
                    raise damaged_backup(name)
                copy_checked(source, place, part.sha256)
        job.report("Checking the restored database", 0.9)
        self._check(made, manifest)

    def _manifest(self, backup: Path) -> Manifest:
        if not backup.is_dir() or not backup.name.startswith(PREFIX):
            raise InvalidRequest(
                f"“{backup}” is no complete backup.",
                hint="Name a folder “backup-…” inside “cxr-desktop-backups”.",
            )
        manifest = read_manifest(backup)
        if DATABASE not in manifest.parts:
            raise damaged_backup(DATABASE)
        return manifest

    def _check(self, folder: Path, manifest: Manifest) -> None:
        database = folder / DATABASE
        with backup_faults():
            plain = is_plain(database)
        if plain:
            found = check_database(database)
        elif self._vault is not None and self._is_own(folder):
            found = check_database(database, self._vault.database_key)
        else:
            return
        if found != (manifest.events, manifest.seal):
            raise damaged_backup(DATABASE)

    def _is_own(self, folder: Path) -> bool:
        """Whether the key that is held now is the backup's."""
        if self._vault is None or not self._vault.is_open or not (folder / DOOR).is_file():
            return False
        options = "mode=ro&immutable=1"
        with database_faults(), connection(folder / DOOR, options=options) as door:
            row = door.execute("SELECT public FROM seal").fetchone()
        return row is not None and bytes(row[0]) == public_part(self._vault.keys().seal)

    def _check_space(self, folder: Path, manifest: Manifest) -> None:
        needed = sum(part.size for part in manifest.parts.values())
        if shutil.disk_usage(folder).free < needed:
            raise StorageUnavailable(
                f"Restoring needs {needed // 2**20 + 1} MB of free space.",
                hint="Free some space, or restore onto another disk.",
            )


def _source(backup: Path, name: str, part: Part) -> Path:
    """Where a file of a backup lies."""
    own = name in {DATABASE, DOOR}
    return backup / name if own else pool_path(backup.parent, part.sha256)
