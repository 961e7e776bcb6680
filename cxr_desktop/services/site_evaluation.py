"""How the active model does on the hospital's own films of known truth; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from cxr_desktop.domain.assessment import ModelRef, OperatingPoints, Verdict
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.evaluation import Evaluation, ScoredFilm, evaluate
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.performance import Estimate
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.site_figures import TwoByTwo, kappa, predictive
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.history_pages import every_page
from cxr_desktop.services.quality import EvaluateModel, Labelled

MOST_MISSES = 500
REVIEWED, SIGNED = "reviewed exams", "signed exams"


@dataclass(frozen=True, slots=True)
class WrongFilm:
    """A film on which model and truth contradict each other; one of `exam_id` and `path` is set."""

    film: ScoredFilm
    verdict: Verdict
    exam_id: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class SiteEvaluation:
    """All figures of one run. `points` are those that counted: the hospital's own, or the model's.

    `at_low` and `at_high` are the tables at the two cuts; `kappa` is that at `abnormal_from`; `ppv`
    belongs to “abnormal”, `npv` to “normal”, both at `prevalence`. `wrong` holds missed films
    first, the farthest from their truth on top; `plots` are SVG pictures by name.
    """

    model: ModelRef
    points: OperatingPoints
    evaluation: Evaluation
    at_low: TwoByTwo
    at_high: TwoByTwo
    kappa: Estimate
    ppv: Estimate
    npv: Estimate
    prevalence: float
    wrong: tuple[WrongFilm, ...]
    scored: tuple[ScoredFilm, ...]
    refused: tuple[tuple[str, str], ...]
    plots: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EvaluationTools:
    """What reads labelled films, runs the model and draws plots.

    `active` gives the active model and its own points, `points` the hospital's for a model.
    """

    evaluate: EvaluateModel
    labelled: Callable[[Path], Sequence[Labelled]]
    plots: Callable[[Sequence[ScoredFilm], OperatingPoints], Mapping[str, str]]
    active: Callable[[], tuple[ModelRef, OperatingPoints]]
    points: Callable[[ModelRef], OperatingPoints | None]


class EvaluateOnSite:
    """Needs `quality` and `see_result`; reviewed exams need `see_others` as well."""

    def __init__(
        self,
        tools: EvaluationTools,
        history: BrowseHistory,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._tools = tools
        self._history = history
        self._access = access
        self._audit = audit
        self._now = now

    def films(
        self, actor: Actor, where: Path, job: JobContext, *, prevalence: float
    ) -> SiteEvaluation:
        """Run the active model over labelled films: a folder with normal/ and abnormal/, or a CSV.

        Raises `PermissionDenied`, `InvalidRequest`, `ModelUnavailable`, `JobCancelled`.
        """
        current = self._allowed(actor, prevalence)
        films = self._tools.labelled(where)
        report = self._tools.evaluate(films, job, prevalence=prevalence)
        refused = {path for path, _ in report.refused}
        places = [film.path for film in films if film.path not in refused]
        wrong = [
            WrongFilm(film, Verdict.NORMAL, path=path)
            for film, path in zip(report.scored, places, strict=True)
        ]
        self._note(current, "films", len(report.scored))
        named = tuple((path.name, str(refusal)) for path, refusal in report.refused)
        return self._figures(report.model, wrong, prevalence, named)

    def reviewed(
        self, actor: Actor, query: HistoryQuery, job: JobContext, *, prevalence: float
    ) -> SiteEvaluation:
        """Take the exams that readers called normal or abnormal, answered by the active model.

        Raises as `films`, and `StorageUnavailable`.
        """
        current = self._allowed(actor, prevalence)
        self._access.require(actor, Permission.SEE_OTHERS)
        model, _own = self._tools.active()
        kind = SIGNED if query.signed else REVIEWED
        found: list[WrongFilm] = []
        done = 0
        asked = replace(query.as_of(self._now()), reviewed=True)
        for page in every_page(partial(self._history.search, current), asked):
            for row in page.rows:
                decided = row.reader in {Verdict.NORMAL, Verdict.ABNORMAL}
                same = (row.model_id, row.model_version) == (model.id, model.version)
                if decided and same and row.probability is not None:
                    abnormal = row.reader is Verdict.ABNORMAL
                    film = ScoredFilm(row.file_name, kind, abnormal, row.probability)
                    found.append(WrongFilm(film, Verdict.NORMAL, exam_id=row.exam_id))
            done += len(page.rows)
            job.report(f"{done:,} of {page.total:,} exams", done / max(page.total, 1))
        if not found:
            raise InvalidRequest(
                "No reader called an exam of this model normal or abnormal yet.",
                hint="Review or sign exams in the History first.",
            )
        self._note(current, kind, len(found))
        return self._figures(model, found, prevalence, ())

    def _figures(
        self,
        model: ModelRef,
        films: Sequence[WrongFilm],
        prevalence: float,
        refused: tuple[tuple[str, str], ...],
    ) -> SiteEvaluation:
        points = self._tools.points(model) or self._tools.active()[1]
        scored = tuple(one.film for one in films)
        low, high = (_table(scored, cut) for cut in (points.normal_below, points.abnormal_from))
        wrong = sorted(
            (
                replace(one, verdict=points.verdict(one.film.probability))
                for one in films
                if _is_wrong(one.film, points)
            ),
            key=lambda one: (not one.film.abnormal, -abs(one.film.probability - 0.5)),
        )
        return SiteEvaluation(
            model=model,
            points=points,
            evaluation=evaluate(scored, points, prevalence=prevalence),
            at_low=low,
            at_high=high,
            kappa=kappa(high),
            ppv=predictive(high, prevalence)[0],
            npv=predictive(low, prevalence)[1],
            prevalence=prevalence,
            wrong=tuple(wrong[:MOST_MISSES]),
            scored=scored,
            refused=refused,
            plots=self._tools.plots(scored, points),
        )

    def _allowed(self, actor: Actor, prevalence: float) -> Actor:
        self._access.require(actor, Permission.SEE_RESULT)
        if not 0 < prevalence < 1:
            raise InvalidRequest("The prevalence is not between 0 and 1.", hint="Try 0.1.")
        return self._access.require(actor, Permission.QUALITY)

    def _note(self, actor: Actor, what: str, count: int) -> None:
        detail = {"on": what, "count": str(count)}
        event = AuditEvent(AuditAction.MODEL_EVALUATED, actor.name, self._now(), "", detail)
        self._audit.append(event)


def _table(films: Sequence[ScoredFilm], cut: float) -> TwoByTwo:
    called = [(film.abnormal, film.probability >= cut) for film in films]
    return TwoByTwo(
        true_abnormal=called.count((True, True)),
        missed=called.count((True, False)),
        overcalled=called.count((False, True)),
        true_normal=called.count((False, False)),
    )


def _is_wrong(film: ScoredFilm, points: OperatingPoints) -> bool:
    verdict = points.verdict(film.probability)
    return verdict is (Verdict.NORMAL if film.abnormal else Verdict.ABNORMAL)
