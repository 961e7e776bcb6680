"""The files of a watched folder, by looking: shares tell nobody when a file is new."""

from __future__ import annotations

import errno
import os
import signal
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.watching import FileMark

UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", "~")
MANY = 10_000


class DiskFolderFiles:
    """The `FolderFiles` of this computer."""

    def of(self, folder: Path, *, without: Sequence[str]) -> Mapping[Path, FileMark]:
        """Return all files below, but for hidden ones and names of files that are on their way.

        Subfolders that cannot be looked into, and links to folders, are left out.
        """
        found: dict[Path, FileMark] = {}
        pending = [folder]
        while pending:
            current = pending.pop()
            try:
                entries = list(_entries(current))
            except OSError:
                if current == folder:
                    raise
                continue
            for entry in entries:
                with suppress(OSError):  # it went while it was looked at
                    if entry.is_dir(follow_symlinks=False):
                        if current != folder or entry.name not in without:
                            pending.append(Path(entry.path))
                        continue
                    status = entry.stat()
                    if stat.S_ISREG(status.st_mode):
                        mark = FileMark(status.st_size, status.st_mtime_ns)
                        found[Path(entry.path)] = mark
        return found

    def is_being_written(self, path: Path) -> bool:
        """Whether it is open for writing elsewhere: Linux and Windows tell, of their own disks.

        Linux grants a read lease only on a file that nobody writes (fcntl(2), F_SETLEASE), to its
        owner; Windows opens no file whose writer shares it with nobody.
        """
        try:
            file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        except PermissionError:
            return os.name == "nt"
        except OSError:
            return False  # gone, or of a kind that its reader will name
        try:
            return _has_writer(file)
        finally:
            os.close(file)

    def move(self, path: Path, into: Path) -> None:
        """Move a file into a folder beside it, under another name where there is one already."""
        into.mkdir(exist_ok=True)
        for number in range(MANY):
            name = f"{path.stem}-{number}{path.suffix}" if number else path.name
            target = into / name
            if not target.exists():
                path.rename(target)
                return
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def check_folder(folder: Path, data: Path) -> None:
    """Raise `InvalidRequest` unless a setting may name this folder; `data` is the data folder.

    One on a network share may be named: shares are watched, and backed up to.
    """
    place, own = folder.absolute(), data.absolute()
    if not folder.is_absolute():
        wrong, hint = f"“{folder}” is not the full path of a folder.", "Choose it with the button."
    elif place.is_relative_to(own) or own.is_relative_to(place):
        wrong, hint = "The data folder of the program is in there.", "Choose another folder."
    else:
        wrong, hint = _not_to_be_read(folder)
    if wrong:
        raise InvalidRequest(wrong, hint=hint)


def _not_to_be_read(folder: Path) -> tuple[str, str]:
    try:
        with os.scandir(folder):
            return "", ""
    except FileNotFoundError:
        connect = "Connect its disk or share, or choose another folder."
        return f"There is no folder “{folder}”.", connect
    except NotADirectoryError:
        return f"“{folder}” is a file.", "Choose the folder that it lies in."
    except OSError:
        ask = "Ask IT for the right to read it, or choose another folder."
        return f"The folder “{folder}” cannot be read.", ask


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.casefold()
            if not name.startswith((".", "~")) and not name.endswith(UNFINISHED):
                yield entry


def _has_writer(file: int) -> bool:
    if os.name == "nt":
        return False
    import fcntl  # noqa: PLC0415 - not on Windows

    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # Who opens the file meanwhile breaks the lease, which is told by a signal: one that
        # is ignored by itself, instead of SIGIO, which would end the program.
        fcntl.fcntl(file, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN  # anything else: this file system does not tell
    return False
