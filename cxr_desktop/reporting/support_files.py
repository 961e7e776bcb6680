"""The files of a support bundle: scrubbed logs, and the archive that holds everything."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from cxr_desktop.reporting.scrubbed_log import scrubbed

LARGEST = 2_000_000  # bytes of one log file: its end says more


def scrubbed_logs(folder: Path) -> dict[str, str]:
    """Return what may be passed on of each log file of a folder, by name; none where it is not."""
    logs = {}
    for path in sorted(folder.glob("*.log*")):
        try:
            content = path.read_bytes()[-LARGEST:]
        except OSError:
            logs[path.name] = "(This file could not be read.)\n"
        else:
            logs[path.name] = scrubbed(content.decode("utf-8", "replace").splitlines())
    return logs


def zipped(files: Mapping[str, str]) -> bytes:
    """Return a ZIP archive of texts by name."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()
