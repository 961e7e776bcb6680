"""A process that backs a data folder up again and again, to be killed in the middle.

`python -m tests.support.backing_up DATA_FOLDER BACKUP_FOLDER` prints the name of each backup that
is complete. Each has a film more than the one before.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.backup_writer import BackupWriter
from cxr_desktop.storage.paths import DataPaths
from tests.support.adding import add_exams
from tests.support.locked import database_key

START = datetime(2026, 3, 1, tzinfo=UTC)


def back_up_for_ever(root: Path, folder: Path) -> None:
    """Add two films and back up, until somebody ends it."""
    paths = DataPaths(root)
    first = len(list(folder.glob("*/backup-*")))
    for number in count(first + 1):
        add_exams(root, f"{datetime.now(UTC).timestamp()}", 2)
        moment = START + timedelta(hours=number)
        writer = BackupWriter(paths, "1", lambda at=moment: at, key=database_key)  # type: ignore[misc]  # mypy has no name for it
        info = writer.run(folder, 10_000, NoProgress())
        sys.stderr.write(f"{info.path.name}\n")
        sys.stderr.flush()


if __name__ == "__main__":
    back_up_for_ever(Path(sys.argv[1]), Path(sys.argv[2]))
