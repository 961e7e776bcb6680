"""In-memory stand-ins for the storage ports; the contract tests hold them to the real adapters.

`MemoryHistory` writes its events to the `MemoryAudit` it is given (or to one of its own, `.audit`),
as the database writes both in one transaction. Accounts: `tests.support.fake_users`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from cxr_desktop.domain.assessment import ModelRef, Verdict
from cxr_desktop.domain.audit import GENESIS, AuditEntry, AuditEvent, AuditQuery, chain_hash
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import (
    FilmRefused,
    InvalidRequest,
    RefusalCode,
    StorageUnavailable,
)
from cxr_desktop.domain.history import (
    ExamRecord,
    ExamRow,
    HistoryPage,
    HistoryQuery,
    ReportState,
    SortKey,
)
from cxr_desktop.domain.keys import KeyChoices
from cxr_desktop.domain.measurement import MeasurementSet
from cxr_desktop.domain.priors import PatientExam
from cxr_desktop.domain.quality_rows import OPPOSITE, Contradicted, QualityCount, ScoreCount
from cxr_desktop.domain.retention import Due
from cxr_desktop.domain.review import OWN_KINDS, Agreement, Review, ReviewKind
from cxr_desktop.domain.saved_filters import SavedFilter
from cxr_desktop.domain.signing import Signature
from cxr_desktop.domain.site_points import SitePoints
from cxr_desktop.domain.staged import StagedFilm
from cxr_desktop.domain.tables import Cell

ZONES = (Verdict.NORMAL, Verdict.UNCERTAIN, Verdict.ABNORMAL, Verdict.REFUSED)


class PlainHasher:
    """A `PasswordHasher` that hides nothing and costs nothing."""

    def __init__(self, generation: int = 1) -> None:
        self.generation = generation
        self.present: list[str] = []

    def hash(self, password: str) -> str:
        """Return the password with a mark."""
        return f"plain{self.generation}:{password}"

    def verify(self, encoded: str, password: str) -> bool:
        """Compare as text."""
        return encoded.partition(":")[2] == password

    def pretend(self, password: str) -> None:
        """Do the work of one hash."""
        self.hash(password)

    def begin(self, who: str) -> None:
        """Hold the key that is not there."""
        self.present.append(who.casefold())

    def unlock(self, who: str, encoded: str, password: str) -> bool:
        """Hold it if it is the password."""
        right = self.verify(encoded, password)
        if right:
            self.present.append(who.casefold())
        return right

    def release(self, who: str) -> None:
        """Hold it no longer."""
        if who.casefold() in self.present:
            self.present.remove(who.casefold())

    def needs_rehash(self, encoded: str) -> bool:
        """Whether an older generation made it."""
        return not encoded.startswith(f"plain{self.generation}:")


class MemoryAudit:
    """An `AuditLog` in a list; `hashes` may be tampered with by a test."""

    def __init__(self) -> None:
        self.log: list[AuditEvent] = []
        self.hashes: list[str] = []

    def append(self, event: AuditEvent) -> None:
        """Chain one event."""
        event = replace(event, time=event.time.astimezone(UTC), detail=dict(event.detail))
        self.hashes.append(chain_hash(self.hashes[-1] if self.hashes else GENESIS, event))
        self.log.append(event)

    def events(self, *, limit: int = 200) -> Sequence[AuditEvent]:
        """Return the newest first."""
        return tuple(reversed(self.log))[: max(limit, 0)]

    def search(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """Filter, newest first."""
        found = [
            entry
            for entry in reversed(self._entries())
            if (query.action is None or entry.event.action == query.action)
            and (not query.user or entry.event.user.lower() == query.user.strip().lower())
            and (query.since is None or entry.event.time >= query.since)
            and (query.before is None or entry.event.time < query.before)
            and (query.below is None or entry.number < query.below)
        ]
        return found[: max(query.limit, 0)]

    def entry(self, number: int) -> AuditEntry | None:
        """Return one, or None."""
        return next((entry for entry in self._entries() if entry.number == number), None)

    def _entries(self) -> list[AuditEntry]:
        rows = zip(self.log, self.hashes, strict=True)
        return [AuditEntry(n, event, hash_) for n, (event, hash_) in enumerate(rows, start=1)]

    def verify(self) -> int:
        """Recompute every hash."""
        previous = GENESIS
        for event, stored in zip(self.log, self.hashes, strict=False):
            previous = chain_hash(previous, event)
            if previous != stored:
                raise StorageUnavailable("The audit log was changed.")
        if len(self.log) != len(self.hashes):
            raise StorageUnavailable("The audit log was changed.")
        return len(self.log)


class MemoryHistory:
    """A `HistoryStore` in a list; `fails_with` makes the next `add_all` raise, storing nothing."""

    def __init__(self, audit: MemoryAudit | None = None) -> None:
        self.audit = audit if audit is not None else MemoryAudit()
        self.records: list[ExamRecord] = []
        self.reviews: list[Review] = []
        self.deleted: dict[str, Deletion] = {}
        self.signatures: dict[str, Signature] = {}
        self.fails_with: Exception | None = None
        self.made_ready: list[HistoryQuery] = []

    def add_all(self, exams: Sequence[tuple[ExamRecord, AuditEvent]]) -> None:
        """Keep all, or none."""
        if self.fails_with is not None:
            raise self.fails_with
        ids = [r.exam_id for r in (*self.records, *(record for record, _ in exams))]
        if len(set(ids)) < len(ids):
            raise ValueError("this exam id is stored already")
        for record, event in exams:
            self.records.append(record)
            self.audit.append(event)

    def get(self, exam_id: str) -> ExamRecord:
        """Refuse an unknown id."""
        for record in self.records:
            if record.exam_id == exam_id:
                return record
        raise InvalidRequest("There is no such exam.")

    def answered(self, film_sha256: str, model: ModelRef | None, user: str = "") -> str:
        """Look at the latest first."""
        for record in reversed(self.records):
            same = record.film.sha256 == film_sha256 and (
                model is None or record.assessment.model == model
            )
            if same and user in ("", record.user) and record.exam_id not in self.deleted:
                return record.exam_id
        return ""

    def search(self, query: HistoryQuery) -> HistoryPage:
        """Filter, sort (ties by time, then in the order of storing) and cut out the page."""
        found = [
            (n, r)
            for n, r in enumerate(self.records)
            if _matches(r, query, self.reviewed(r.exam_id), signed=r.exam_id in self.signatures)
            and query.deleted == (r.exam_id in self.deleted)
        ]
        found.sort(
            key=lambda pair: (
                _sort_value(pair[1], self._row(pair[1], query), query),
                pair[1].time,
                pair[0],
            )
        )
        if query.descending:
            found.reverse()
        start, size = max(query.offset, 0), max(query.limit, 0)
        if query.after:
            start += 1 + [record.exam_id for _, record in found].index(query.after)
        page = found[start : start + size]
        rows = tuple(self._row(record, query) for _, record in page)
        return HistoryPage(rows, len(found))

    def get_ready(self, query: HistoryQuery) -> None:
        """Note what was asked for."""
        self.made_ready.append(query)

    def _row(self, record: ExamRecord, query: HistoryQuery) -> ExamRow:
        reviews, signature = self.reviewed(record.exam_id), self.signature(record.exam_id)
        told = _is_told(reviews, query, signed=signature is not None)
        return _row(record, reviews, signature, told=told)

    def deletion(self, exam_id: str) -> Deletion | None:
        """Return it, or None."""
        return self.deleted.get(exam_id)

    def signature(self, exam_id: str) -> Signature | None:
        """Return it, or None."""
        return self.signatures.get(exam_id)

    def reviewed(self, exam_id: str) -> list[Review]:
        """Return an exam's reviews, the latest first."""
        return [review for review in reversed(self.reviews) if review.exam_id == exam_id]


class MemoryDeletions:
    """A `DeletionStore` in a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history

    def note(self, deletion: Deletion, event: AuditEvent) -> None:
        """Refuse an unknown exam, and what is as it is asked for already."""
        known = any(record.exam_id == deletion.exam_id for record in self._history.records)
        if not known or (deletion.exam_id in self._history.deleted) != deletion.brought_back:
            raise InvalidRequest("This exam is no longer in the list.")
        if deletion.brought_back:
            del self._history.deleted[deletion.exam_id]
        else:
            self._history.deleted[deletion.exam_id] = deletion
        self._history.audit.append(event)


class MemorySignatures:
    """A `SignatureStore` in a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history

    def sign(self, signature: Signature, event: AuditEvent) -> None:
        """Refuse what was signed, changed or deleted meanwhile."""
        exam_id, history = signature.exam_id, self._history
        history.get(exam_id)
        taken = exam_id in history.signatures or exam_id in history.deleted
        if taken or len(history.reviewed(exam_id)) != signature.covers:
            raise InvalidRequest("This report was signed, changed or deleted meanwhile.")
        history.signatures[exam_id] = signature
        history.audit.append(event)


class MemoryRetention:
    """A `RetentionStore` in a `MemoryHistory`: exams that are removed are gone."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history
        self._films: dict[str, None] = {}

    def count(self, due: Due) -> int:
        """Count them."""
        return len(self._due(due))

    def remove(self, due: Due, limit: int, event: Callable[[int], AuditEvent]) -> int:
        """Take them out of the list."""
        history, found = self._history, self._due(due)[:limit]
        if found:
            history.audit.append(event(len(found)))
        for record in found:
            history.records.remove(record)
            history.deleted.pop(record.exam_id, None)
            if not self._has(record.film.sha256):
                self._films[record.film.sha256] = None
        return len(found)

    def tidy(self) -> None:
        """Do nothing: there is no index."""

    def films(self) -> Sequence[str]:
        """Return those that wait."""
        return list(self._films)

    def release(self, sha256: str, forget: Callable[[str], bool]) -> bool:
        """Ask unless an exam has it."""
        unused = not self._has(sha256)
        if unused and not forget(sha256):
            return False
        del self._films[sha256]
        return unused

    def _has(self, sha256: str) -> bool:
        return any(record.film.sha256 == sha256 for record in self._history.records)

    def _due(self, due: Due) -> list[ExamRecord]:
        return [record for record in self._history.records if self._is_due(record, due)]

    def _is_due(self, record: ExamRecord, due: Due) -> bool:
        deletion = self._history.deleted.get(record.exam_id)
        made, deleted = due.made_before, due.deleted_before
        old = made is not None and record.time < made
        return old or (deletion is not None and deleted is not None and deletion.time < deleted)


class MemoryMeasurements:
    """A `MeasurementStore` in a list, beside a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history
        self._sets: list[MeasurementSet] = []

    def add(self, measured: MeasurementSet, event: AuditEvent) -> None:
        """Refuse an unknown exam."""
        self._history.get(measured.exam_id)
        self._sets.append(measured)
        self._history.audit.append(event)

    def latest(self, exam_id: str) -> MeasurementSet | None:
        """Return the last one of the exam."""
        return next((one for one in reversed(self._sets) if one.exam_id == exam_id), None)


class MemoryQualityRows:
    """A `QualityRows` over a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history

    def counts(self, since: datetime, before: datetime) -> Sequence[QualityCount]:
        """Count each exam by itself."""
        return [
            QualityCount(
                model=_model_of(record),
                verdict=record.assessment.verdict,
                reader=self._reader(record),
                sex=record.study.sex,
                age=record.study.age,
                years_by_dates=_whole_years(record.study.birth_date, record.study.study_date),
                view_position=record.study.view_position,
                manufacturer=record.study.manufacturer,
                exams=1,
                signed=record.exam_id in self._history.signatures,
            )
            for record in self._of_that_time(since, before)
        ]

    def milliseconds(self, since: datetime, before: datetime) -> array[float]:
        """Return them."""
        found = self._of_that_time(since, before)
        return array("d", (record.assessment.timings.total for record in found))

    def reading_seconds(self, since: datetime, before: datetime) -> Sequence[tuple[bool, float]]:
        """Return them."""
        ids = {record.exam_id for record in self._of_that_time(since, before)}
        return [
            (review.kind is ReviewKind.FIRST, review.seconds)
            for review in self._history.reviews
            if review.exam_id in ids and review.kind in OWN_KINDS and review.seconds is not None
        ]

    def contradicted(
        self, since: datetime, before: datetime, said: Verdict, limit: int
    ) -> Sequence[Contradicted]:
        """Return the first."""
        return [
            Contradicted(
                record.exam_id,
                record.time,
                record.assessment.probability,
                record.exam_id in self._history.signatures,
            )
            for record in self._of_that_time(since, before)
            if record.assessment.verdict is said and self._reader(record) is OPPOSITE[said]
        ][:limit]

    def scores(self, since: datetime, before: datetime) -> Sequence[ScoreCount]:
        """Count each film by itself."""
        return [
            ScoreCount(
                _model_of(record), record.study.manufacturer, record.assessment.probability, 1
            )
            for record in self._of_that_time(since, before)
        ]

    def _of_that_time(self, since: datetime, before: datetime) -> list[ExamRecord]:
        found = [
            record
            for record in self._history.records
            if since <= record.time < before and record.exam_id not in self._history.deleted
        ]
        return sorted(found, key=lambda record: record.time)

    def _reader(self, record: ExamRecord) -> Verdict | None:
        reviews = self._history.reviewed(record.exam_id)
        return reviews[0].verdict if reviews else None


def _model_of(record: ExamRecord) -> str:
    return f"{record.assessment.model.id} {record.assessment.model.version}"


def _whole_years(born: date | None, taken: date | None) -> int | None:
    if born is None or taken is None or taken < born:
        return None
    return taken.year - born.year - ((taken.month, taken.day) < (born.month, born.day))


class MemorySavedFilters:
    """A `SavedFilterStore` in a dictionary."""

    def __init__(self) -> None:
        self._saved: dict[tuple[str, str], SavedFilter] = {}

    def of(self, user: str) -> Sequence[SavedFilter]:
        """Return a person's, by name."""
        return [self._saved[key] for key in sorted(self._saved) if key[0] == user]

    def put(self, user: str, saved: SavedFilter) -> None:
        """Add or replace."""
        self._saved[user, saved.name.casefold()] = saved

    def remove(self, user: str, name: str) -> None:
        """Take away."""
        self._saved.pop((user, name.casefold()), None)


class MemorySitePoints:
    """A `SitePointsStore` in a list, beside a `MemoryAudit`."""

    def __init__(self, audit: MemoryAudit) -> None:
        self._audit = audit
        self._choices: list[SitePoints] = []

    def add(self, choice: SitePoints, event: AuditEvent) -> None:
        """Keep both."""
        self._choices.append(choice)
        self._audit.append(event)

    def all(self) -> Sequence[SitePoints]:
        """Return the latest first."""
        return self._choices[::-1]


class MemoryPatientExams:
    """A `PatientExamStore` over a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history

    def of_patient(self, patient_id: str, *, limit: int) -> Sequence[PatientExam]:
        """Return the newest first."""
        found = [
            r
            for r in self._history.records
            if r.study.patient_id == patient_id and r.exam_id not in self._history.deleted
        ]
        newest = sorted(found, key=lambda record: record.time, reverse=True)[:limit]
        return [
            PatientExam(
                exam_id=record.exam_id,
                time=record.time,
                user=record.user,
                film_sha256=record.film.sha256,
                patient_name=record.study.patient_name,
                patient_id_issuer=record.study.patient_id_issuer,
                birth_date=record.study.birth_date,
                study_date=record.study.study_date,
                view_position=record.study.view_position,
            )
            for record in newest
        ]


class MemoryKeys:
    """A `KeyStore` in a dictionary."""

    def __init__(self) -> None:
        self.chosen: dict[str, KeyChoices] = {}

    def of(self, user: str) -> KeyChoices:
        """Return what they chose."""
        return dict(self.chosen.get(user, {}))

    def replace(self, user: str, choices: KeyChoices) -> None:
        """Keep these."""
        self.chosen[user] = dict(choices)


class MemoryTours:
    """A `TourStore` in a dictionary; `is_offered` to whoever is not in it."""

    def __init__(self, *, is_offered: bool = True) -> None:
        self.taken: dict[str, datetime] = {}
        self.asked: list[str] = []
        self.is_offered = is_offered

    def has(self, user: str) -> bool:
        """Whether they have."""
        self.asked.append(user)
        return user in self.taken or not self.is_offered

    def add(self, user: str, time: datetime) -> None:
        """Keep the first time."""
        self.taken.setdefault(user, time)


class MemoryReviews:
    """A `ReviewStore` in the list of a `MemoryHistory`."""

    def __init__(self, history: MemoryHistory) -> None:
        self._history = history

    def add(self, review: Review, event: AuditEvent) -> None:
        """Refuse an unknown exam."""
        self._history.get(review.exam_id)
        first = review.kind is ReviewKind.FIRST
        if first and any(
            (one.user, one.kind) == (review.user, review.kind) for one in self.of(review.exam_id)
        ):
            raise InvalidRequest("You have read this exam already.")
        signed = self._history.signature(review.exam_id) is not None
        if signed and review.kind is not ReviewKind.ADDENDUM:
            raise InvalidRequest("This report was signed meanwhile.")
        self._history.reviews.append(review)
        self._history.audit.append(event)

    def of(self, exam_id: str) -> Sequence[Review]:
        """Return the latest first."""
        return self._history.reviewed(exam_id)


class MemoryTables:
    """A `TableWriter` that keeps the rows by file name."""

    def __init__(self) -> None:
        self.written: dict[str, list[Sequence[Cell]]] = {}

    def __call__(self, path: Path, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Keep heading and rows, all or nothing."""
        self.written[path.name] = [head, *rows]


class MemoryArchive:
    """A `FilmArchive`: `films` holds the bytes."""

    def __init__(self) -> None:
        self.films: dict[str, bytes] = {}
        self.thumbnails: dict[str, bytes] = {}
        self.staged: dict[StagedFilm, tuple[bytes, bytes]] = {}
        self.fails_with: Exception | None = None

    def stage(self, path: Path, thumbnail: bytes) -> StagedFilm:
        """Hold both aside."""
        if self.fails_with is not None:
            raise self.fails_with
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FilmRefused(RefusalCode.CHANGED, "The film is gone.") from error
        part = Path(f"part-{len(self.staged)}-{path.name}")
        staged = StagedFilm(hashlib.sha256(content).hexdigest(), part, part)
        self.staged[staged] = content, thumbnail
        return staged

    def place(self, staged: StagedFilm) -> bool:
        """Keep what was staged."""
        if staged not in self.staged:
            return False
        self.films[staged.sha256], thumbnail = self.staged.pop(staged)
        self.keep_thumbnail(staged.sha256, thumbnail)
        return True

    def place_all(self, staged: Sequence[StagedFilm]) -> list[bool]:
        """Keep them."""
        return [self.place(one) for one in staged]

    def discard(self, staged: StagedFilm) -> None:
        """Drop it."""
        self.staged.pop(staged, None)

    def keep(self, path: Path, sha256: str) -> None:
        """Refuse a file that is gone or has other bytes."""
        if self.fails_with is not None:
            raise self.fails_with
        if sha256 in self.films:
            return
        try:
            content = path.read_bytes()
        except OSError as error:
            raise FilmRefused(RefusalCode.CHANGED, "The film is gone.") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FilmRefused(RefusalCode.CHANGED, "The film has changed.")
        self.films[sha256] = content

    def content(self, sha256: str) -> bytes:
        """Return the bytes that are kept."""
        if sha256 not in self.films:
            raise StorageUnavailable("The stored film is gone.")
        return self.films[sha256]

    def forget(self, sha256: str) -> bool:
        """Let it go."""
        self.films.pop(sha256, None)
        self.thumbnails.pop(sha256, None)
        return True

    def keep_thumbnail(self, sha256: str, png: bytes) -> None:
        """Keep the first one."""
        self.thumbnails.setdefault(sha256, png)

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return it, or None."""
        return self.thumbnails.get(sha256)


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in _plain(text)).split()


def _matches(
    record: ExamRecord, query: HistoryQuery, reviews: Sequence[Review], *, signed: bool
) -> bool:
    study, day = record.study, record.time.astimezone(UTC).date()
    texts = (
        study.patient_name,
        study.patient_id,
        study.accession_number,
        record.film.file_name,
    )
    latest = reviews[0].agreement if reviews else None
    told = _is_told(reviews, query, signed=signed)
    said = [review.text for review in reviews] if query.in_reviews and told else []
    found = any(_has_words(texts, text, query.text) for text in ("", *said))
    return (
        found
        and (query.reviewed is None or query.reviewed == bool(reviews))
        and (query.signed is None or query.signed == signed)
        and (query.agreement is None or (told and query.agreement == latest))
        and (query.verdict is None or (told and record.assessment.verdict == query.verdict))
        and (query.exam_ids is None or record.exam_id in query.exam_ids)
        and (not query.user or record.user == query.user)
        and (not query.read_by or any(one.user == query.read_by for one in reviews))
        and (not query.model or query.model == _model_of(record))
        and (query.first_day is None or day >= query.first_day)
        and (query.last_day is None or day <= query.last_day)
        and (query.since is None or record.time >= query.since)
        and (query.before is None or record.time < query.before)
    )


def _is_told(reviews: Sequence[Review], query: HistoryQuery, *, signed: bool) -> bool:
    """Whether the answer to an exam is not withheld from who asks."""
    reader = query.withheld_from
    return not reader or signed or any(review.user == reader for review in reviews)


def _has_words(texts: Sequence[str], said: str, asked: str) -> bool:
    """Letters that stand in a word of `texts`, or begin one of `said`; begin, if there are few."""
    own = [word for text in texts for word in _words(text)]
    return all(
        any(word.startswith(one) for word in (*own, *_words(said)))
        or (len(one) > 2 and not said and any(one in word for word in own))
        for one in _words(asked)
    )


def _sort_value(record: ExamRecord, row: ExamRow, query: HistoryQuery) -> tuple[object, ...]:
    if query.sort in {"verdict", "probability"} and row.verdict is None:
        return (-1,)
    study, answer = record.study, record.assessment
    values: dict[SortKey, tuple[object, ...]] = {
        "time": (record.time,),
        "patient": (_plain(study.patient_name),),
        "verdict": (ZONES.index(answer.verdict),),
        "probability": (answer.probability,),
        "user": (record.user,),
        "patient_id": (study.patient_id,),
        "file": (record.film.file_name,),
        "model": (answer.model.id, answer.model.version),
        "film": (record.film.sha256,),
        "review": ((None, *Agreement).index(row.agreement),),
        "report": (list(ReportState).index(row.state),),
    }
    return values[query.sort]


def _row(
    record: ExamRecord, reviews: Sequence[Review], signature: Signature | None, *, told: bool
) -> ExamRow:
    state = ReportState.READ if reviews else ReportState.NEW
    if signature is not None:
        added = len(reviews) > signature.covers
        state = ReportState.ADDENDED if added else ReportState.SIGNED
    return ExamRow(
        exam_id=record.exam_id,
        time=record.time,
        user=record.user,
        patient_name=record.study.patient_name,
        patient_id=record.study.patient_id,
        file_name=record.film.file_name,
        film_sha256=record.film.sha256,
        verdict=record.assessment.verdict if told else None,
        probability=record.assessment.probability if told else None,
        model_id=record.assessment.model.id,
        model_version=record.assessment.model.version,
        reader=reviews[0].verdict if reviews and told else None,
        agreement=reviews[0].agreement if reviews and told else None,
        state=state if told else ReportState.NEW,
    )
