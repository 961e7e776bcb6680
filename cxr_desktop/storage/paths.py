"""What lies where in the data folder."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.files import new_part, open_private, remove_leftovers, sync_folder
from cxr_desktop.storage.faults import FULL
from cxr_desktop.storage.network_share import MOUNTS, refuse_network_share


def default_data_dir() -> Path:
    """Return the data folder of this user on this system."""
    return Path(platformdirs.user_data_dir("cxr-desktop", appauthor=False))


@dataclass(frozen=True, slots=True)
class DataPaths:
    """The places inside one data folder, `root`; naming them touches nothing."""

    root: Path

    @classmethod
    def default(cls) -> DataPaths:
        """Return the data folder of this user."""
        return cls(default_data_dir())

    @property
    def database(self) -> Path:
        """Accounts, exams, audit log: one encrypted SQLite file."""
        return self.root / "history.sqlite3"

    @property
    def keys(self) -> Path:
        """Wrapped keys and what else is needed before a sign-in (`door.py`)."""
        return self.root / "keys.sqlite3"

    @property
    def films(self) -> Path:
        """Encrypted copies of the films and their small pictures."""
        return self.root / "films"

    @property
    def out(self) -> Path:
        """What is on its way out of the program, encrypted (`out_files.py`)."""
        return self.root / "out"

    @property
    def models(self) -> Path:
        """Models brought in by an administrator."""
        return self.root / "models"

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.root / "settings.toml"

    @property
    def self_test(self) -> Path:
        """The last self-test; no patient text."""
        return self.root / "self-test.json"

    @property
    def logs(self) -> Path:
        """Log files; no patient text."""
        return self.root / "logs"

    @property
    def backups(self) -> Path:
        """Copies of the database."""
        return self.root / "backups"

    def prepare(self, mounts: Path = MOUNTS) -> None:
        """Make what is absent, for this user only (0700), and try whether it can be written.

        `mounts` is the system's list of file systems. Raises `StorageUnavailable`, for a folder on
        a network share, too.
        """
        refuse_network_share(self.root, mounts)
        try:
            self.root.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.root, self.films, self.out, self.models, self.logs, self.backups):
                folder.mkdir(mode=0o700, exist_ok=True)
            self._try_writing()
            for folder in (self.root, self.films, self.out, self.backups):
                remove_leftovers(folder)
        except OSError as error:
            raise self._refusal(error) from error

    def _try_writing(self) -> None:
        probe = new_part(self.root)
        try:
            with open_private(probe) as file:
                file.write(b"probe")
        finally:
            probe.unlink(missing_ok=True)
        sync_folder(self.root)

    def _refusal(self, error: OSError) -> StorageUnavailable:
        named = f"The data folder “{self.root}”"
        if error.errno in {errno.EEXIST, errno.ENOTDIR}:
            return StorageUnavailable(
                f"{named} cannot be made: a file of that name is in the way.",
                hint="Choose another data folder.",
            )
        if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            return StorageUnavailable(
                f"{named} cannot be written.",
                hint="Choose another data folder, or ask an administrator for write access to it.",
            )
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return StorageUnavailable(f"{named} cannot be used: the disk is full.", hint=FULL[1])
        return StorageUnavailable(
            f"{named} cannot be used.",
            hint="Check that its disk is connected, or choose another data folder.",
        )
