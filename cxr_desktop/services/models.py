"""List, activate and import model packs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.model_pack import ModelInfo
from cxr_desktop.domain.ports import AuditLog, ModelCatalog
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access


class ManageModels:
    """What an administrator does with models; everybody may look."""

    def __init__(
        self,
        catalog: ModelCatalog,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._catalog = catalog
        self._access = access
        self._audit = audit
        self._now = now

    def packs(self, actor: Actor) -> Sequence[ModelInfo]:
        """List all packs with their checks; reads every model file, so not on the GUI thread."""
        self._access.active(actor)
        return self._catalog.packs()

    def activate(self, actor: Actor, model_id: str) -> ModelInfo:
        """Send new films to this pack; stored answers stay as they are."""
        self._access.require(actor, Permission.MANAGE_MODELS)
        info = self._catalog.activate(model_id)
        self._note(actor, info, "activated")
        return info

    def import_pack(self, actor: Actor, path: Path) -> ModelInfo:
        """Copy a pack folder or an ONNX file in; it is not used until it is activated."""
        self._access.require(actor, Permission.MANAGE_MODELS)
        info = self._catalog.import_pack(path)
        self._note(actor, info, "imported")
        return info

    def _note(self, actor: Actor, info: ModelInfo, what: str) -> None:
        detail = {"what": what, "version": info.ref.version, "sha256": info.ref.sha256}
        self._audit.append(
            AuditEvent(AuditAction.MODEL_CHANGED, actor.name, self._now(), info.ref.id, detail)
        )
