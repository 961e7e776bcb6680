"""What assesses many films at once, put together."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.thumbnails import make_thumbnail
from cxr_desktop.services.assess import AssessFilm, assessed_film


def in_threads(assess: AssessFilm) -> ThreadMapper:
    """Return what assesses films on this PC."""

    def work(path: Path) -> AssessedFilm:
        return assessed_film(assess(path, NoProgress()), make_thumbnail)

    return ThreadMapper(work)
