"""The pages of the Help, in the order of their list; each is a document of `docs/`.

TO ADD A PAGE: its file in `docs/`, and one row in `PAGES`.
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP

USER_GUIDE, IT_GUIDE = "user-guide.md", "it-guide.md"
PAGES: tuple[tuple[str, str], ...] = (
    (USER_GUIDE, str(QT_TRANSLATE_NOOP("Help", "User guide"))),
    ("reading.md", str(QT_TRANSLATE_NOOP("Help", "Reading a film"))),
    ("history.md", str(QT_TRANSLATE_NOOP("Help", "History"))),
    ("quality.md", str(QT_TRANSLATE_NOOP("Help", "Quality"))),
    ("model-card.md", str(QT_TRANSLATE_NOOP("Help", "Model card"))),
    ("files.md", str(QT_TRANSLATE_NOOP("Help", "What is read"))),
    ("administration.md", str(QT_TRANSLATE_NOOP("Help", "Administration"))),
    (IT_GUIDE, str(QT_TRANSLATE_NOOP("Help", "IT guide"))),
    ("installing.md", str(QT_TRANSLATE_NOOP("Help", "Installing"))),
    ("SETTINGS.md", str(QT_TRANSLATE_NOOP("Help", "Settings and policy"))),
    ("command-line.md", str(QT_TRANSLATE_NOOP("Help", "Command line"))),
    ("SECURITY.md", str(QT_TRANSLATE_NOOP("Help", "Security"))),
    ("GLOSSARY.md", str(QT_TRANSLATE_NOOP("Help", "Words"))),
)


def slug(heading: str) -> str:
    """Return the anchor that a heading has in a document's links: “The answer” is the-answer."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def page_of(folder: Path, link: str) -> tuple[Path, str] | None:
    """Return the document and the anchor that a link means; None for what is no page of the Help.

    `link` is relative to `folder`: `reading.md#running`.
    """
    name, _, anchor = link.partition("#")
    path = (folder / name).resolve()
    pages = {(folder / file).resolve() for file, _ in PAGES}
    return (path, anchor) if path in pages and path.is_file() else None
