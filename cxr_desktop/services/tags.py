"""Look at a film's DICOM tags; nothing is stored."""

from __future__ import annotations

from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import FilmArchive
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.tags import TagList, TagReader
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class ReadTags:
    """Who may look at a film may look at its tags."""

    def __init__(
        self, reader: TagReader, archive: FilmArchive, history: BrowseHistory, access: Access
    ) -> None:
        self._reader = reader
        self._archive = archive
        self._history = history
        self._access = access

    def of_file(self, actor: Actor, path: Path, sha256: str) -> TagList:
        """Return the tags of an opened film that was not run.

        Raises `FilmRefused`, `PermissionDenied`, and `InvalidRequest` when the file is no longer
        the one with that hash.
        """
        self._access.require(actor, Permission.RUN)
        return _checked(self._reader.list_tags(path), sha256)

    def of_exam(self, actor: Actor, exam_id: str) -> TagList:
        """Return the tags of an exam's stored film.

        Raises `FilmRefused`, `InvalidRequest`, `PermissionDenied`, `StorageUnavailable`.
        """
        record = self._history.visible(self._access.active(actor), exam_id)
        content = self._archive.content(record.film.sha256)
        return _checked(self._reader.list_tags_of(content), record.film.sha256)


def _checked(tags: TagList, sha256: str) -> TagList:
    if tags.sha256 != sha256:
        raise InvalidRequest("The file has changed since it was opened.", hint="Open it again.")
    return tags
