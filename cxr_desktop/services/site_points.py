"""Choose the hospital's own operating points; they count for new verdicts of that model only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.site_points import SitePoints, SitePointsStore
from cxr_desktop.domain.threshold_wizard import Proposal
from cxr_desktop.services.access import Access


class ChooseSitePoints:
    """Looking needs `quality`; choosing needs `manage_models` as well."""

    def __init__(self, store: SitePointsStore, access: Access, now: Callable[[], datetime]) -> None:
        self._store = store
        self._access = access
        self._now = now

    def in_use(self, model: ModelRef) -> OperatingPoints | None:
        """Return the points for a new verdict of this model; None for the model's own.

        Points that were chosen with another network are void.
        """
        latest = next(iter(self._store.all()), None)
        return latest.points if latest is not None and latest.is_for(model) else None

    def choices(self, actor: Actor) -> tuple[SitePoints, ...]:
        """Return every choice, the latest first. Raises `PermissionDenied`."""
        self._access.require(actor, Permission.QUALITY)
        return tuple(self._store.all())

    def choose(self, actor: Actor, model: ModelRef, proposal: Proposal) -> SitePoints:
        """Let new verdicts of this model use the proposal. Raises `PermissionDenied`."""
        current = self._access.require(actor, Permission.QUALITY, Permission.MANAGE_MODELS)
        return self._add(
            SitePoints(
                time=self._now(),
                user=current.name,
                model=model,
                points=proposal.points,
                miss_one_in=proposal.miss_one_in,
                alarm_one_in=proposal.alarm_one_in,
                abnormal_films=proposal.abnormal_films,
                normal_films=proposal.normal_films,
                missed=proposal.missed,
            )
        )

    def withdraw(self, actor: Actor) -> SitePoints:
        """Let new verdicts use the model's own points again.

        Raises `PermissionDenied`, and `InvalidRequest` when nothing was chosen.
        """
        current = self._access.require(actor, Permission.QUALITY, Permission.MANAGE_MODELS)
        latest = next(iter(self._store.all()), None)
        if latest is None or latest.points is None:
            raise InvalidRequest(
                "The model's own operating points are in use.", hint="There is nothing to undo."
            )
        return self._add(SitePoints(self._now(), current.name, latest.model, None))

    def _add(self, choice: SitePoints) -> SitePoints:
        detail = {"model": choice.model.id, "sha256": choice.model.sha256[:16]}
        if choice.points is not None:
            detail |= {
                "normal_below": f"{choice.points.normal_below:.6g}",
                "abnormal_from": f"{choice.points.abnormal_from:.6g}",
                "miss_at_most": f"1 in {choice.miss_one_in}",
            }
        event = AuditEvent(
            AuditAction.OPERATING_POINTS_CHOSEN, choice.user, choice.time, "", detail
        )
        self._store.add(choice, event)
        return choice
