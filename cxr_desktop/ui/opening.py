"""Opening a data folder, off the GUI thread: the libraries below the window are loaded here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

from cxr_desktop.domain.errors import StorageUnavailable, UserError
from cxr_desktop.logging_setup import LogFiles, start_logging

if TYPE_CHECKING:  # loaded by `open_data`, in a thread: naming the adapters takes half a second
    from cxr_desktop.bootstrap import Program
    from cxr_desktop.services.restore_at_start import RestoreAtStart

LOCK_NAME = "window.lock"


@dataclass(frozen=True, slots=True)
class OpenedData:
    """A data folder that is open in this window, and in no other one."""

    program: Program
    needs_first_administrator: bool
    institution: str
    idle_lock_minutes: int
    lock: QLockFile
    log: LogFiles

    def close(self) -> None:
        """Let go of the folder."""
        self.program.close()
        self.lock.unlock()
        self.log.close()


@dataclass(frozen=True, slots=True)
class NotOpened:
    """A data folder that cannot be used, and why; None where it is not known which."""

    folder: Path | None
    error: UserError


def open_data(
    folder: Path | None, screen: Callable[[], str] | None = None
) -> OpenedData | NotOpened:
    """Open `folder`, or this user's own; `screen` is the self-test's check of the screen."""
    from cxr_desktop import bootstrap  # noqa: PLC0415 - the window is on the screen by now
    from cxr_desktop.wiring.restoring import use_restored_folder  # noqa: PLC0415 - the same

    place = folder
    try:
        place = bootstrap.data_folder(folder)
        use_restored_folder(place, lambda root: take_lock(root).unlock())
        program = bootstrap.build(place, screen=screen)
    except UserError as error:
        return NotOpened(place, error)
    try:
        return _opened(program)
    except UserError as error:
        program.close()
        return NotOpened(place, error)
    except BaseException:
        program.close()
        raise


def restore_at_start(folder: Path) -> RestoreAtStart:
    """Return what restores a backup in the place of a folder that is not open here."""
    from cxr_desktop.wiring import restoring  # noqa: PLC0415 - as above

    return restoring.restore_at_start(folder, lambda root: take_lock(root).unlock())


def _opened(program: Program) -> OpenedData:
    needs_first = program.access.needs_first_administrator()
    institution = str(program.settings.get("general.institution"))
    minutes = int(program.settings.get("session.idle_lock_minutes"))
    lock = take_lock(program.data.root)
    try:
        log = start_logging(program.data.logs)
    except UserError:
        lock.unlock()
        raise
    return OpenedData(program, needs_first, institution, minutes, lock, log)


def take_lock(root: Path) -> QLockFile:
    """Keep a second window off the same folder. Raises `StorageUnavailable`."""
    lock = QLockFile(str(root / LOCK_NAME))
    lock.setStaleLockTime(0)  # only a process that is gone makes a lock stale, not its age
    if not lock.tryLock(0):
        raise StorageUnavailable(
            "CXR Desktop is already open on this data folder.",
            hint="Go to its window, or close it there first.",
        )
    return lock
