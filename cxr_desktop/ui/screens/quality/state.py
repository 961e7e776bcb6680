"""What the Quality screen shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from cxr_desktop.domain.month import MonthFigures
from cxr_desktop.domain.site_points import SitePoints
from cxr_desktop.domain.threshold_wizard import Proposal, TooFew
from cxr_desktop.services.drift_watch import DriftPicture
from cxr_desktop.services.site_evaluation import SiteEvaluation
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class NothingMeasured:
    """No films were chosen yet, or they could not be measured: `notice` says why."""

    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Measuring:
    """The films are being read and answered, 0..1."""

    step: str = ""
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """All figures; `writing`: a PDF of them is being written, `notice` says what came of it."""

    result: SiteEvaluation
    writing: bool = False
    notice: Notice | None = None


MeasureState = NothingMeasured | Measuring | Measured


@dataclass(frozen=True, slots=True)
class PointsState:
    """Which operating points were chosen, the latest first, and what is proposed.

    `ladder` says what the usual promises would cost: (miss at most 1 in, outcome). `busy` says that
    something is being looked up or stored.
    """

    choices: tuple[SitePoints, ...] = ()
    proposal: Proposal | TooFew | None = None
    ladder: tuple[tuple[int, Proposal | TooFew], ...] = ()
    may_choose: bool = False
    busy: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class QualityState:
    """The whole screen."""

    measure: MeasureState = field(default_factory=NothingMeasured)
    points: PointsState = field(default_factory=PointsState)


@dataclass(frozen=True, slots=True)
class ReportsState:
    """The month that was counted and the drift that was looked at; None before that.

    `counting` and `watching` say that something is under way.
    """

    month: MonthFigures | None = None
    counting: bool = False
    month_notice: Notice | None = None
    drift: DriftPicture | None = None
    watching: bool = False
    drift_notice: Notice | None = None
