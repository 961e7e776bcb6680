"""Checking a backup, and making a data folder of it again."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.storage.backup_parts import (
    DATABASE,
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
from cxr_desktop.storage.files import make_folder, sync_folder


class BackupReader:
    """Needs no data folder and no account: whoever holds the backup has the data already."""

    def verify(self, backup: Path, job: JobContext) -> BackupInfo:
        """Read every byte: all files there and as they were, database sound, audit log unchanged.

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
        self._check(backup / DATABASE, manifest)
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
        self._check(made / DATABASE, manifest)

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

    def _check(self, database: Path, manifest: Manifest) -> None:
        if check_database(database) != (manifest.events, manifest.seal):
            raise damaged_backup(DATABASE)

    def _check_space(self, folder: Path, manifest: Manifest) -> None:
        needed = sum(part.size for part in manifest.parts.values())
        if shutil.disk_usage(folder).free < needed:
            raise StorageUnavailable(
                f"Restoring needs {needed // 2**20 + 1} MB of free space.",
                hint="Free some space, or restore onto another disk.",
            )


def _source(backup: Path, name: str, part: Part) -> Path:
    """Where a file of a backup lies."""
    return backup / DATABASE if name == DATABASE else pool_path(backup.parent, part.sha256)
