"""The log file: what the program did and where it broke, without a word about a patient.

Messages of our own name exams by id and films by SHA-256. The text of an exception may quote a
file name or a DICOM tag, so of an exception only its type and its place in the code are written.
"""

from __future__ import annotations

import faulthandler
import logging
import time
import traceback
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TextIO

from cxr_desktop.domain.errors import StorageUnavailable

LOG_NAME = "cxr-desktop.log"
CRASH_NAME = "crash.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 5

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class PrivateFormatter(logging.Formatter):
    """One line per record in UTC; an exception becomes its type and its places, never its text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
        self.datefmt = "%Y-%m-%dT%H:%M:%S"
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        """Format without the exception text that another handler may have left in the record."""
        cached, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = cached

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Keep one record on one line, whatever its message holds."""
        line = super().formatMessage(record)
        return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802 - logging's name
        """Write the chain of exception types, each with its frames."""
        lines: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
            lines += [
                f"    {Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class LogFiles:
    """The open log of one run; `close` it at the end."""

    handler: RotatingFileHandler
    crash: TextIO

    def close(self) -> None:
        """Detach the log from the process and close its files."""
        logging.getLogger().removeHandler(self.handler)
        self.handler.close()
        faulthandler.disable()
        self.crash.close()


def _open_crash_log(path: Path) -> TextIO:
    """Go on with the file, or begin a new one where it has become large; one older is kept."""
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("a", encoding="utf-8")


def start_logging(folder: Path, level: int = logging.INFO) -> LogFiles:
    """Write the log of all modules to `folder`, and stacks there when the process dies of a signal.

    Five files of 1 MB each are kept, and two of crashes. Raises `StorageUnavailable` when the
    folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = RotatingFileHandler(
            folder / LOG_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES - 1, encoding="utf-8"
        )
        crash = _open_crash_log(folder / CRASH_NAME)
    except OSError as error:
        raise StorageUnavailable(
            "The log cannot be written to the data folder.",
            hint="Check that the folder may be written and the disk is not full.",
        ) from error
    handler.setFormatter(PrivateFormatter())
    handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(root.level or level, level))
    faulthandler.enable(crash)
    return LogFiles(handler, crash)
