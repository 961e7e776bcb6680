"""Figures in words that need no course in statistics."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.performance import Estimate, wilson
from cxr_desktop.domain.quality_sheet import Sheet
from cxr_desktop.domain.site_points import SitePoints
from cxr_desktop.domain.texts import local_minute, three_digits
from cxr_desktop.domain.threshold_wizard import Proposal, TooFew
from cxr_desktop.services.site_evaluation import SiteEvaluation
from cxr_desktop.ui.screens.quality.report_words import share

translate = QCoreApplication.translate


def figure_rows(result: SiteEvaluation) -> tuple[tuple[str, str], ...]:
    """Return (name, value) of every figure, each with its interval."""
    low, high = result.at_low, result.at_high
    abnormal, normal = low.true_abnormal + low.missed, low.overcalled + low.true_normal
    sources = result.evaluation.sources
    auc = sources[0].auc if len(sources) == 1 else None
    sensitivity, specificity = wilson(low.true_abnormal, abnormal), wilson(high.true_normal, normal)
    at = translate("Quality", "at {0} % abnormal").format(f"{result.prevalence * 100:g}")
    return (
        (translate("Quality", "Films"), _films(normal, abnormal)),
        (translate("Quality", "Cuts in use"), points_text(result.points)),
        (
            translate("Quality", "Sensitivity"),
            translate("Quality", "{0}: {1} of {2} abnormal films were not called normal").format(
                share(sensitivity), f"{low.true_abnormal:,}", f"{abnormal:,}"
            ),
        ),
        (
            translate("Quality", "Specificity"),
            translate("Quality", "{0}: {1} of {2} normal films were not called abnormal").format(
                share(specificity), f"{high.true_normal:,}", f"{normal:,}"
            ),
        ),
        (
            translate("Quality", "If it says abnormal"),
            translate("Quality", "{0} are abnormal, {1} (PPV)").format(share(result.ppv), at),
        ),
        (
            translate("Quality", "If it says normal"),
            translate("Quality", "{0} are normal, {1} (NPV)").format(share(result.npv), at),
        ),
        (translate("Quality", "AUC"), _number(auc) if auc is not None else _mean_auc(result)),
        (
            translate("Quality", "Kappa"),
            translate("Quality", "{0}: agreement beyond chance, 1 is perfect").format(
                _number(result.kappa)
            ),
        ),
    )


def evaluation_sheet(result: SiteEvaluation) -> Sheet:
    """Return what the tab Evaluate says, for paper: no film is named there."""
    title = translate("Quality", "{0} {1} on {2} films of known truth").format(
        result.model.id, result.model.version, f"{len(result.scored):,}"
    )
    refused = (translate("Quality", "Refused films"), f"{len(result.refused):,}")
    pictures = tuple(result.plots[name] for name in ("roc.svg", "reliability.svg"))
    return Sheet(title, (*figure_rows(result), refused), pictures)


def points_text(points: OperatingPoints) -> str:
    """Name two cuts."""
    words = translate("Quality", "normal below {0}, abnormal from {1}")
    return words.format(three_digits(points.normal_below), three_digits(points.abnormal_from))


def proposal_text(proposal: Proposal | TooFew | None) -> str:
    """Say what is proposed and what it costs."""
    match proposal:
        case None:
            return ""
        case TooFew():
            return translate(
                "Quality",
                "Too few films for that promise: it takes at least {0} abnormal and {1} normal "
                "ones, and there are {2} and {3}. Choose a milder promise, or more films.",
            ).format(
                f"{proposal.abnormal_needed:,}",
                f"{proposal.normal_needed:,}",
                f"{proposal.abnormal_films:,}",
                f"{proposal.normal_films:,}",
            )
        case Proposal():
            return translate(
                "Quality",
                "{0}. On these films it misses {1} of {2} abnormal ones: with 95 % confidence at "
                "most {3} % of those to come. It calls {4} of {5} normal ones abnormal: at most "
                "{6} %. What it costs: {7} of the normal films are called normal, and {8} of all "
                "films are left uncertain.",
            ).format(
                points_text(proposal.points).capitalize(),
                f"{proposal.missed:,}",
                f"{proposal.abnormal_films:,}",
                f"{proposal.most_missed * 100:.1f}",
                f"{proposal.overcalled:,}",
                f"{proposal.normal_films:,}",
                f"{proposal.most_overcalled * 100:.1f}",
                share(proposal.cleared),
                share(proposal.open_),
            )


def choice_cells(choice: SitePoints) -> tuple[str, ...]:
    """Return one line of the list of choices."""
    time = local_minute(choice.time)
    model = f"{choice.model.id} {choice.model.version} ({choice.model.sha256[:8]})"
    if choice.points is None:
        return time, choice.user, model, translate("Quality", "the model's own"), "", ""
    promise = translate("Quality", "1 in {0}").format(choice.miss_one_in)
    films = f"{choice.abnormal_films:,} / {choice.normal_films:,}"
    points = choice.points
    cuts = f"{three_digits(points.normal_below)} / {three_digits(points.abnormal_from)}"
    return time, choice.user, model, cuts, promise, films


def cost_cells(one_in: int, outcome: Proposal | TooFew) -> tuple[str, ...]:
    """Return one line of what a promise costs."""
    promise = translate("Quality", "1 in {0}").format(one_in)
    if isinstance(outcome, TooFew):
        few = translate("Quality", "too few: {0} abnormal, {1} normal needed")
        needed = few.format(f"{outcome.abnormal_needed:,}", f"{outcome.normal_needed:,}")
        return promise, "–", "–", needed, "–"
    below, most = three_digits(outcome.points.normal_below), f"{outcome.most_missed * 100:.1f} %"
    return promise, below, most, share(outcome.cleared), share(outcome.open_)


def _films(normal: int, abnormal: int) -> str:
    return translate("Quality", "{0} normal, {1} abnormal").format(f"{normal:,}", f"{abnormal:,}")


def _mean_auc(result: SiteEvaluation) -> str:
    return translate("Quality", "{0}, the mean of the collections").format(
        _number(result.evaluation.macro.auc)
    )


def _number(estimate: Estimate) -> str:
    if math.isnan(estimate.value):
        return translate("Quality", "not measured")
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
