"""Making a backup: complete, or recognisably not one."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.files import PART, make_folder, new_part, replacing, sync_folder
from cxr_desktop.storage.backup_parts import (
    DATABASE,
    DOOR,
    MANIFEST,
    PLACE,
    POOL,
    PREFIX,
    Manifest,
    Part,
    backup_faults,
    backups_in,
    check_database,
    copy_checked,
    damaged_backup,
    pool_path,
    read_manifest,
    sha256_of,
)
from cxr_desktop.storage.connection import Key
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.safety_copy import copy_database

SPARE_BYTES = 64 * 1024 * 1024
ABANDONED_SECONDS = 12 * 3600
SAME_SECONDS = 5.0  # a file that is older than a backup by this much was there when it was made
README = """Backups of CXR Desktop. Each folder “backup-…” belongs together with “pool”.
Do not change or rename anything here. To restore one into a new, empty folder:

    cxr-desktop backup restore "THIS FOLDER/backup-…" NEW_DATA_FOLDER

The database and the films are encrypted. They open with the passwords of the accounts of that time,
or with the recovery key. Settings and models are not encrypted; they tell nothing of patients.
"""


class BackupWriter:
    """Backs up one data folder. `now` gives aware UTC time, `free_bytes` the free space there.

    `key` gives what the database is encrypted with; without one it is plain.
    """

    def __init__(
        self,
        data: DataPaths,
        program_version: str,
        now: Callable[[], datetime],
        free_bytes: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
        key: Key | None = None,
    ) -> None:
        self._data = data
        self._version = program_version
        self._now = now
        self._free_bytes = free_bytes
        self._key = key

    def backups(self, folder: Path) -> list[BackupInfo]:
        """List the complete backups of this data folder, newest first, without checking them.

        Raises `StorageUnavailable` when the folder cannot be read.
        """
        with backup_faults():
            if not folder.is_dir():
                raise FileNotFoundError
        found = []
        for path in backups_in(folder / PLACE):
            with suppress(StorageUnavailable):  # a damaged one is no backup
                found.append(read_manifest(path).info(path))
        return [info for info in found if info.data_folder == str(self._data.root)]

    def run(self, folder: Path, keep: int, job: JobContext) -> BackupInfo:
        """Make a backup, check it, and remove older ones but for the newest `keep`.

        Raises `StorageUnavailable` (no space, no disk, damaged database, changed audit log),
        `InvalidRequest` for a folder inside the data folder, `JobCancelled`. Whatever happens,
        complete backups stay as they are until a new one is complete.
        """
        if folder.resolve().is_relative_to(self._data.root.resolve()):
            raise InvalidRequest(
                "A backup inside the data folder would be lost with it.",
                hint="Choose a folder on another disk or a USB stick.",
            )
        job.report("Looking what is new", 0.0)
        with backup_faults():
            if not folder.is_dir():
                raise FileNotFoundError
            place = folder / PLACE
            for made in (place, place / POOL):
                make_folder(made)
            if not (place / "README.txt").exists():
                with replacing(place / "README.txt", place) as file:
                    file.write(README.encode())
            moment = self._now().astimezone(UTC)
            before = self._newest(place)
            self._check_space(place, before)
            part = _new_folder(place, moment.strftime("%Y%m%d-%H%M%S"))
        try:
            info = self._fill(place, part, before, moment, job)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        self._tidy(place, keep)
        return info

    def _fill(
        self, place: Path, part: Path, before: Manifest | None, moment: datetime, job: JobContext
    ) -> BackupInfo:
        job.report("Copying the database", 0.02)
        copy = part / DATABASE
        with backup_faults():
            copy_database(self._data.database, copy, self._key)
            job.report("Checking the copy of the database", 0.1)
            events, seal = check_database(copy, self._key)
            parts = {DATABASE: _part_of(copy)}
            if self._data.keys.is_file():
                copy_database(self._data.keys, part / DOOR)
                parts[DOOR] = _part_of(part / DOOR)
        with backup_faults():
            names = list(self._files())
            for number, path in enumerate(names):
                job.report("Copying films and settings", 0.2 + 0.7 * number / len(names))
                name = path.relative_to(self._data.root).as_posix()
                with suppress(FileNotFoundError):  # a leftover that was removed meanwhile
                    parts[name] = _known(place, path, name, before) or _keep(place, path)
        manifest = Manifest(moment, str(self._data.root), self._version, events, seal, parts)
        target = place / f"{PREFIX}{part.name.strip('.').removesuffix(PART)}"
        with backup_faults():
            job.report("Finishing", 0.95)
            with replacing(part / MANIFEST, part) as file:
                file.write(manifest.text().encode())
            part.rename(target)  # refuses to take the place of one that is there
            sync_folder(place)
        return manifest.info(target)

    def _files(self) -> Iterator[Path]:
        """Give every file to keep beside the database; what is half written has “.part”."""
        if self._data.settings.is_file():
            yield self._data.settings
        for folder in (self._data.films, self._data.models):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and not path.is_symlink() and path.suffix != PART:
                    yield path

    def _newest(self, place: Path) -> Manifest | None:
        """Return the manifest of this data folder's newest backup, or None."""
        for path in backups_in(place):
            with suppress(StorageUnavailable):
                manifest = read_manifest(path)
                if manifest.data_folder == str(self._data.root):
                    return manifest
        return None

    def _check_space(self, place: Path, before: Manifest | None) -> None:
        needed = SPARE_BYTES + self._data.database.stat().st_size
        for path in self._files():
            name = path.relative_to(self._data.root).as_posix()
            needed += 0 if _known(place, path, name, before) else path.stat().st_size
        free = self._free_bytes(place)
        if free < needed:
            raise StorageUnavailable(
                f"The backup needs {needed // 2**20} MB, but only {free // 2**20} MB are free"
                " on its disk.",
                hint="Free some space on it, or choose another disk.",
            )

    def _tidy(self, place: Path, keep: int) -> None:
        """Remove old backups, what was abandoned, and what belongs to none of them any more.

        Nothing is removed while another run may be under way, or when a manifest cannot be read.
        """
        before = time.time() - ABANDONED_SECONDS
        with suppress(OSError, StorageUnavailable):
            unfinished = [p for p in place.iterdir() if p.name.endswith(PART) and p.is_dir()]
            for path in unfinished:
                if path.stat().st_mtime < before:
                    shutil.rmtree(path, ignore_errors=True)
            own = [p for p in backups_in(place) if self._is_own(p)]
            for old in own[max(keep, 1) :]:
                shutil.rmtree(old, ignore_errors=True)
            if any(path.exists() for path in unfinished):
                return
            wanted = {p.sha256 for b in backups_in(place) for p in read_manifest(b).parts.values()}
            for path in (place / POOL).rglob("*"):
                if path.is_file() and path.name not in wanted:
                    path.unlink()

    def _is_own(self, backup: Path) -> bool:
        return read_manifest(backup).data_folder == str(self._data.root)


def _new_folder(place: Path, stamp: str) -> Path:
    """Make the folder of a backup that is not complete yet. Raises OSError."""
    name, number = stamp, 1
    while (place / f"{PREFIX}{name}").exists() or (place / f".{name}{PART}").exists():
        number += 1
        name = f"{stamp}-{number}"
    part = place / f".{name}{PART}"
    part.mkdir(mode=0o700)
    return part


def _part_of(path: Path) -> Part:
    return Part(sha256_of(path), path.stat().st_size)


def _known(place: Path, path: Path, name: str, before: Manifest | None) -> Part | None:
    """Return what a file was in the last backup, if it has not changed since. Raises OSError.

    Films are written once, so that a night's backup need not read all of them again.
    """
    part = before.parts.get(name) if before is not None else None
    if part is None or before is None:
        return None
    status = path.stat()
    older = status.st_mtime < before.time.timestamp() - SAME_SECONDS
    kept = pool_path(place, part.sha256)
    same = older and status.st_size == part.size and kept.is_file()
    return part if same and kept.stat().st_size == part.size else None


def _keep(place: Path, path: Path) -> Part:
    """Put a file into the pool, unless it is there; return what it is. Raises OSError."""
    part = _part_of(path)
    kept = pool_path(place, part.sha256)
    if not kept.is_file() or kept.stat().st_size != part.size:
        _copy_in(place, path, part.sha256)
    return part


def _copy_in(place: Path, path: Path, sha256: str) -> None:
    kept = pool_path(place, sha256)
    make_folder(kept.parent)
    part = new_part(place / POOL)
    try:
        copy_checked(path, part, sha256)
        if sha256_of(part) != sha256:
            raise damaged_backup(path.name)
        part.replace(kept)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(kept.parent)
