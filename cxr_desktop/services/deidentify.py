"""Films without their patient, in a folder: for research, teaching or a second opinion."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.deidentify import Boxes, CleanFilm, CleanOrder, DeidOptions, FilmCleaner
from cxr_desktop.domain.errors import FilmRefused, InvalidRequest
from cxr_desktop.domain.history import ExamRecord, HistoryQuery
from cxr_desktop.domain.ports import AuditLog, FilmArchive, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.history_pages import every_page

BURNED_IN = "burned_in_text"


@dataclass(frozen=True, slots=True)
class CleanTools:
    """What cleans and saves, and where the secret of one export comes from (32 random bytes)."""

    clean: FilmCleaner
    save: Callable[[Path, bytes], None]
    new_secret: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A film that was not written, and why."""

    exam_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CleanedFilms:
    """The files of the films, without their lists, and those that were left out."""

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]


class DeidentifyFilms:
    """Needs `export`. The secret that codes, UIDs and days follow from is forgotten at the end."""

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        history: BrowseHistory,
        archive: FilmArchive,
        tools: CleanTools,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._archive = archive
        self._tools = tools
        self._access = access
        self._audit = audit
        self._now = now

    def one(
        self,
        actor: Actor,
        exam_id: str,
        folder: Path,
        options: DeidOptions,
        job: JobContext,
        *,
        boxes: Boxes = (),
    ) -> CleanedFilms:
        """Write one exam's film and the list of what was done to it.

        A film whose file says that text is burned in needs boxes. Raises `PermissionDenied`,
        `InvalidRequest`, `FilmRefused`, `StorageUnavailable`, `JobCancelled`.
        """
        current = self._access.require(actor, Permission.EXPORT)
        record = self._history.visible(current, exam_id)
        if _says_burned_in(record) and not boxes:
            raise InvalidRequest(
                "The file says that text is part of this picture.",
                hint="Cover it with boxes first.",
            )
        job.report("De-identifying the film", 0.2)
        self._note(current, [record.exam_id], options)
        cleaned = self._clean(record, options, boxes, self._secret())
        return CleanedFilms((self._save(cleaned, folder, options),), ())

    def many(
        self,
        actor: Actor,
        query: HistoryQuery,
        folder: Path,
        options: DeidOptions,
        job: JobContext,
    ) -> CleanedFilms:
        """Write the films of all exams that a query finds, each film once.

        Films whose file says that text is burned in, and those that cannot be read, are left out
        and named. What was written before a cancel stays. Raises as `one`.

        A film is saved, which is mostly waiting for the disk, while the next one is cleaned.
        """
        current = self._access.require(actor, Permission.EXPORT)
        now = self._now()
        frozen = query.as_of(now)
        found = list(self._ids(current, frozen))
        if not found:
            raise InvalidRequest("There is no exam to export.", hint="Change the filters.")
        self._note(current, found, options)
        secret, seen = self._secret(), set[str]()
        files: list[Path] = []
        left_out: list[LeftOut] = []
        saving: Future[Path] | None = None
        with ThreadPoolExecutor(1, thread_name_prefix="cxr-save") as beside:
            for number, exam_id in enumerate(found):
                job.report(f"Film {number + 1:,} of {len(found):,}", number / len(found))
                record = self._history.visible(current, exam_id)
                if record.film.sha256 in seen:
                    continue
                seen.add(record.film.sha256)
                if _says_burned_in(record):
                    left_out.append(LeftOut(exam_id, "Text is part of this picture."))
                    continue
                try:
                    cleaned = self._clean(record, options, (), secret)
                except FilmRefused as refusal:
                    left_out.append(LeftOut(exam_id, str(refusal)))
                    continue
                if saving is not None:
                    files.append(saving.result())
                saving = beside.submit(self._save, cleaned, folder, options)
        if saving is not None:
            files.append(saving.result())
        return CleanedFilms(tuple(files), tuple(left_out))

    def _ids(self, actor: Actor, query: HistoryQuery) -> Iterator[str]:
        for page in every_page(partial(self._history.search, actor), query):
            yield from (row.exam_id for row in page.rows)

    def _clean(
        self, record: ExamRecord, options: DeidOptions, boxes: Boxes, secret: bytes
    ) -> CleanFilm:
        order = CleanOrder(record.study, record.film.sha256, options, secret, tuple(boxes))
        return self._tools.clean(self._archive.content(record.film.sha256), order)

    def _save(self, cleaned: CleanFilm, folder: Path, options: DeidOptions) -> Path:
        stem = f"{cleaned.patient}-{cleaned.film}"
        place = folder / f"{stem}{cleaned.ending}"
        self._tools.save(place, cleaned.content)
        listed = json.dumps(as_json(cleaned, options), indent=1, ensure_ascii=False)
        self._tools.save(folder / f"{stem}.json", f"{listed}\n".encode())
        return place

    def _note(self, actor: Actor, exam_ids: list[str], options: DeidOptions) -> None:
        """Note it before the first file appears."""
        detail = {
            "films": str(len(exam_ids)),
            "dates": "shifted" if options.shift_dates else "removed",
            "characteristics": "kept" if options.keep_characteristics else "removed",
        }
        subject = exam_ids[0] if len(exam_ids) == 1 else ""
        event = AuditEvent(AuditAction.FILMS_DEIDENTIFIED, actor.name, self._now(), subject, detail)
        self._audit.append(event)

    def _secret(self) -> bytes:
        return self._tools.new_secret()


def as_json(cleaned: CleanFilm, options: DeidOptions) -> Mapping[str, object]:
    """Return what stands beside a film: what stays known of it, and what was done, never values."""
    return {
        "patient": cleaned.patient,
        "film": cleaned.film,
        "profile": "DICOM PS3.15 Annex E, Basic Application Confidentiality Profile",
        "dates": "shifted" if options.shift_dates else "removed",
        "characteristics": "kept" if options.keep_characteristics else "removed",
        **cleaned.facts,
        "done": [
            {"place": one.place, "name": one.name, "what": one.deed.value}
            for one in cleaned.changes
        ],
    }


def _says_burned_in(record: ExamRecord) -> bool:
    return any(caution.code == BURNED_IN for caution in record.cautions)
