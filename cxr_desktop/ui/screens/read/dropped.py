"""Paths out of what was dropped or pasted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl

MOST_LINES = 1000


def paths_of(mime: QMimeData) -> list[Path]:
    """Return the local files and folders in it: from URLs, or from text with one path a line.

    Text is taken only where it names something absolute (quotes around it are dropped), so that a
    copied sentence does nothing.
    """
    if mime.hasUrls():
        urls = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
        return [Path(name) for name in urls if name]
    lines = mime.text().splitlines()[:MOST_LINES] if mime.hasText() else []
    return [path for path in map(_path_of, lines) if path is not None]


def has_paths(mime: QMimeData) -> bool:
    """Whether a drop of it would be taken."""
    return mime.hasUrls() and any(url.isLocalFile() for url in mime.urls())


def _path_of(line: str) -> Path | None:
    text = line.strip().strip("\"'")
    if text.startswith("file://"):
        text = QUrl(text).toLocalFile()
    if not text or "\0" in text:
        return None
    path = Path(text).expanduser() if text.startswith("~/") else Path(text)
    return path if path.is_absolute() else None
