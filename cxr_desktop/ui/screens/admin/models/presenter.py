"""Models without widgets: list, activate, import; each reads large files, so each is a job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.models import ManageModels
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.models.state import (
    CheckFailed,
    Checking,
    Listed,
    ModelsState,
)
from cxr_desktop.ui.session import Session


class ModelsPresenter(QObject):
    """Emits a `ModelsState`; one thing at a time. `activated` says that another pack answers."""

    state_changed = Signal(object)
    activated = Signal()

    def __init__(self, models: ManageModels, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._models, self._runner, self._session = models, runner, session
        self._question = 0
        self.state: ModelsState = Checking()

    def refresh(self, *, choose: str = "", said: Notice | None = None) -> None:
        """Read and check all packs; only the latest answer is taken."""
        actor = self._session.actor
        if actor is None:
            return
        self._question += 1
        question = self._question
        self._runner.start(
            lambda _job: self._models.packs(actor),
            done=lambda packs: self._on_listed(question, packs, choose, said),
            failed=lambda error: self._on_failed(question, error),
        )

    def choose(self, model_id: str) -> None:
        """Show the details of a pack."""
        if isinstance(self.state, Listed) and model_id != self.state.chosen:
            self._show(replace(self.state, chosen=model_id))

    def activate(self, model_id: str) -> None:
        """Send new films to this pack."""
        self._do(
            lambda actor: self._models.activate(actor, model_id),
            self.tr("Checking the model…"),
            self.tr("“{0}” answers from now on. Stored answers stay as they are."),
            self.activated.emit,
        )

    def import_pack(self, path: Path) -> None:
        """Copy a pack folder or an ONNX file in."""
        self._do(
            lambda actor: self._models.import_pack(actor, path),
            self.tr("Copying and checking the model…"),
            self.tr("“{0}” was imported. It is not used until you activate it."),
        )

    def _do(
        self,
        work: Callable[[Actor], ModelInfo],
        doing: str,
        said: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        actor = self._session.actor
        if actor is None or not isinstance(self.state, Listed) or self.state.doing:
            return
        self._show(replace(self.state, doing=doing, notice=None))
        self._runner.start(
            lambda _job: work(actor),
            done=lambda info: self._on_done(info, said, then),
            failed=self._on_refused,
        )

    def _on_done(self, info: ModelInfo, said: str, then: Callable[[], None]) -> None:
        then()
        name = info.title or info.ref.id
        self.refresh(choose=info.ref.id, said=Notice("info", said.format(name)))

    def _on_refused(self, error: UserError) -> None:
        if isinstance(self.state, Listed):
            self._show(replace(self.state, doing="", notice=notice_of(error)))

    def _on_listed(
        self, question: int, packs: Sequence[ModelInfo], choose: str, said: Notice | None
    ) -> None:
        if question != self._question:
            return
        before = self.state.chosen if isinstance(self.state, Listed) else ""
        ids = [pack.ref.id for pack in packs]
        active = [pack.ref.id for pack in packs if pack.active]
        wishes = (choose, before, *active, *ids)
        chosen = next((wish for wish in wishes if wish in ids), "")
        self._show(Listed(tuple(packs), chosen, notice=said))

    def _on_failed(self, question: int, error: UserError) -> None:
        if question == self._question:
            self._show(CheckFailed(notice_of(error)))

    def _show(self, state: ModelsState) -> None:
        self.state = state
        self.state_changed.emit(state)
