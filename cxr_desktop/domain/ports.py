"""What the services need from the outside; adapters implement these, tests fake them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import Assessment, ModelRef
from cxr_desktop.domain.audit import AuditEntry, AuditEvent, AuditQuery
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.history import ExamRecord, HistoryPage, HistoryQuery
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.domain.radiograph import Caution, Radiograph
from cxr_desktop.domain.roles import Emergency, Group, User
from cxr_desktop.domain.signing import Signature
from cxr_desktop.domain.staged import FilmStage


class JobContext(Protocol):
    """Progress and the cancel checkpoint of a running piece of work."""

    def report(self, step: str, fraction: float) -> None:
        """Say what is being done, 0..1. Raises `JobCancelled` after Cancel was pressed."""
        ...


class NoProgress:
    """A `JobContext` that reports to nobody and is never cancelled."""

    def report(self, step: str, fraction: float) -> None:
        """Do nothing."""


class FilmReader(Protocol):
    """Reads a file into a `Radiograph`."""

    def read(self, path: Path) -> Radiograph:
        """Raise `FilmRefused` for a file that cannot or must not be read."""
        ...

    def read_content(self, content: bytes, name: str) -> Radiograph:
        """Read a film from the bytes of a file of that name; raises as `read` does."""
        ...

    def close(self) -> None:
        """Release what reading needed (a child process, say)."""
        ...


class Preparer(Protocol):
    """Turns a film into a model's input."""

    def __call__(self, radiograph: Radiograph, spec: InputSpec) -> ModelInput:
        """Return the film as a network with that `spec` reads it."""
        ...


class Classifier(Protocol):
    """One loaded model."""

    @property
    def model(self) -> ModelRef:
        """Which model this is."""
        ...

    @property
    def input_spec(self) -> InputSpec:
        """How films must be prepared for it."""
        ...

    @property
    def device(self) -> str:
        """What the session really runs on: "CPU" or "CUDA"."""
        ...

    @property
    def notice(self) -> str:
        """A sentence when the wish for a device could not be met; else empty."""
        ...

    def assess(self, model_input: ModelInput) -> Assessment:
        """Run the network once; timings are left to the caller except `infer`.

        Raises `FilmRefused` when the model itself tells that this is no film for it.
        """
        ...


class ClassifierSource(Protocol):
    """Gives the active model's classifier, loading and warming it up on the first call."""

    def get(self) -> Classifier:
        """Raise `ModelUnavailable` when there is none that may be used."""
        ...


class ModelCatalog(Protocol):
    """The installed model packs."""

    def packs(self) -> Sequence[ModelInfo]:
        """List every pack, damaged ones too, with what is wrong with them."""
        ...

    def activate(self, model_id: str) -> ModelInfo:
        """Send new films to this pack. Raises `ModelUnavailable` when it may not be used."""
        ...

    def import_pack(self, path: Path) -> ModelInfo:
        """Copy in a pack folder, or a bare ONNX export. Raises `ModelUnavailable`."""
        ...


class FilmCheck(Protocol):
    """Decides whether a film is one that the model was made for."""

    def __call__(self, radiograph: Radiograph) -> tuple[Caution, ...]:
        """Return cautions to show with the answer. Raises `FilmRefused`."""
        ...


class FilmArchive(FilmStage, Protocol):
    """Keeps the bytes of films, addressed by their SHA-256."""

    def keep(self, path: Path, sha256: str) -> None:
        """Copy the file in, durably; a film already kept is not copied again.

        Raises `FilmRefused` (changed) when the bytes no longer have that hash, and
        `StorageUnavailable` when they cannot be written.
        """
        ...

    def content(self, sha256: str) -> bytes:
        """Return the film's bytes. Raises `StorageUnavailable` when they are gone or damaged."""
        ...

    def keep_thumbnail(self, sha256: str, png: bytes) -> None:
        """Store a small picture of the film; never raises for one that exists."""
        ...

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return the PNG, or None."""
        ...


class ThumbnailMaker(Protocol):
    """Draws a small PNG of a film as it is first shown."""

    def __call__(self, radiograph: Radiograph) -> bytes:
        """Return the encoded PNG."""
        ...


class HistoryStore(Protocol):
    """Exams; append only."""

    def add_all(self, exams: Sequence[tuple[ExamRecord, AuditEvent]]) -> None:
        """Store several, each with its event, in ONE transaction, durably before returning."""
        ...

    def get(self, exam_id: str) -> ExamRecord:
        """Raise `InvalidRequest` for an unknown id."""
        ...

    def answered(self, film_sha256: str, model: ModelRef | None, user: str = "") -> str:
        """Return the latest exam with this model's answer to the film; empty without one.

        None is any model. Deleted exams do not count; with `user`, only that person's own do.
        """
        ...

    def search(self, query: HistoryQuery) -> HistoryPage:
        """Return the rows asked for, and how many match in all."""
        ...

    def get_ready(self, query: HistoryQuery) -> None:
        """Do what a search with other words would wait for; may take seconds."""
        ...

    def deletion(self, exam_id: str) -> Deletion | None:
        """Return why an exam is deleted now, or None."""
        ...

    def signature(self, exam_id: str) -> Signature | None:
        """Return who signed an exam's report, or None."""
        ...


class EventSink(Protocol):
    """Where events go."""

    def append(self, event: AuditEvent) -> None:
        """Keep an event, durably."""
        ...


class AuditLog(Protocol):
    """Append-only, hash-chained events."""

    def append(self, event: AuditEvent) -> None:
        """Add an event to the chain, durably."""
        ...

    def events(self, *, limit: int = 200) -> Sequence[AuditEvent]:
        """Return the newest events first."""
        ...

    def search(self, query: AuditQuery) -> Sequence[AuditEntry]:
        """Return the rows asked for, newest first."""
        ...

    def entry(self, number: int) -> AuditEntry | None:
        """Return one row, or None."""
        ...

    def verify(self) -> int:
        """Count the events, all sound. Raises `StorageUnavailable` for a broken chain."""
        ...


AccountCheck = Callable[[Sequence[User], Sequence[Group]], None]


class UserStore(Protocol):
    """Accounts and groups. Every change is stored together with its audit event.

    A `check` gets all accounts and groups as they would be after the change, inside the same write
    transaction: when it raises, nothing is changed, and no other process can come in between.
    """

    def is_empty(self) -> bool:
        """Whether no account exists yet (first start)."""
        ...

    def users(self) -> Sequence[User]:
        """List all accounts, disabled ones too."""
        ...

    def find(self, name: str) -> User | None:
        """Look a user up by name, ignoring case."""
        ...

    def password_hash(self, name: str) -> str | None:
        """Return what `PasswordHasher` made of it; None for an unknown or a disabled user."""
        ...

    def known_as(self, name: str) -> str | None:
        """Return an account's own spelling of a name, or None; nobody needs to be signed in."""
        ...

    def add(
        self,
        user: User,
        password_hash: str,
        event: AuditEvent,
        *,
        check: AccountCheck | None = None,
    ) -> None:
        """Raise `InvalidRequest` when the name is taken or the group unknown."""
        ...

    def update(self, user: User, event: AuditEvent, *, check: AccountCheck | None = None) -> None:
        """Store full name, group, state and own permissions of an existing account.

        Who is disabled loses the password: enabled again, the account needs a new one.
        """
        ...

    def set_password(
        self, name: str, password_hash: str, *, must_change: bool, event: AuditEvent
    ) -> None:
        """Replace the encoded hash. Raises `InvalidRequest` for an unknown or disabled account."""
        ...

    def begin_emergency(self, name: str, emergency: Emergency, event: AuditEvent) -> None:
        """Let an account open more for a while. Raises `InvalidRequest` for an unknown one."""
        ...

    def failures(self, name: str) -> tuple[int, float]:
        """Return (failed sign-ins in a row, UTC timestamp of the last), for any name."""
        ...

    def set_failures(self, name: str, count: int, last: float) -> None:
        """Store what `failures` returns."""
        ...

    def note_failure(
        self, name: str, now: float, wait_after: Callable[[int], float]
    ) -> tuple[int, float]:
        """Count one more failure, in one transaction, unless a pause is still running.

        `wait_after` gives the pause in seconds after so many failures. Returns (failures in a row,
        seconds still to wait); with seconds above 0 nothing was counted. Where the clock was set
        back (`now` before the last failure) a running pause starts anew.
        """
        ...

    def groups(self) -> Sequence[Group]:
        """List all groups with what they may do."""
        ...

    def save_group(
        self, group: Group, event: AuditEvent, *, check: AccountCheck | None = None
    ) -> None:
        """Add a group or replace the permissions of an existing one."""
        ...


class Display(Protocol):
    """Turns a film into 8-bit grey for the screen."""

    def __call__(self, radiograph: Radiograph) -> NDArray[np.uint8]:
        """Return (rows, columns) of 0..255 through the film's window."""
        ...
