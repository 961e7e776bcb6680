"""The model card: what a model was made from, how good it is, and what it must not be used for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.inference.manifest import Manifest
from cxr_desktop.training.films import Film, counts
from cxr_desktop.training.scaling import Scaling

TEMPLATE = Path(__file__).with_name("card_template.md")

NON_COMMERCIAL = (
    "**Non-commercial part:** $number of the normal films are NIH's own pixels with NIH's label "
    "“No Finding”, but that *these* films were picked rests on annotations of the RSNA 2018 "
    "challenge, whose terms are non-commercial. Until that is cleared with their publishers, treat "
    "these weights as for non-commercial use."
)
OPEN_TERMS = "No film was picked by annotations with non-commercial terms."

INTENDED_USE = (
    "A second opinion on frontal chest films for qualified readers: normal, uncertain or abnormal. "
    f"{DISCLAIMER}"
)

LIMITS = (
    (
        "Trained on films of three places only; films of a hospital it never saw are read worse, "
        "in one test worse than chance: measure it on your own films first."
    ),
    "It learned pneumonia in small children; tuberculosis and eight kinds of findings in adults.",
    "Other findings, fractures and devices were not labelled in its training films.",
    "Not tested on infants and on ages 6 to 17; not made for side views or other body parts.",
    "Validation films count as half abnormal; where fewer patients are ill, more alarms are false.",
    "Trained on small pictures (short side at most 320 pixels): small nodules are not seen.",
    "The heat map shows what moved the score. It is not the outline of a lesion.",
)


def licence_text(*, non_commercial: bool) -> str:
    """Write the licence line of the manifest."""
    if non_commercial:
        return (
            "Apache-2.0 for our part; not for commercial use until the terms under which some "
            "normal films were picked are cleared (see the model card)"
        )
    return "Apache-2.0"


def trained_on_text(films: Sequence[Film]) -> str:
    """Write the line of the manifest that says what the training films were."""
    hospitals: dict[str, list[Film]] = {}
    for film in films:
        hospitals.setdefault(film.hospital, []).append(film)
    parts = [
        f"{name}: {sum(not f.is_abnormal for f in group)} normal, "
        f"{sum(f.is_abnormal for f in group)} abnormal"
        for name, group in sorted(hospitals.items())
    ]
    return f"{len(films)} films ({'; '.join(parts)})"


def write_card(
    manifest: Manifest,
    films: Sequence[Film],
    recipe: Mapping[str, Any],
    scaling: Scaling,
    checks: Mapping[str, str],
) -> str:
    """Write the card as Markdown. `films` were trained on; `checks` were made at export."""
    children = sum(film.hospital == "kermany" for film in films) / max(1, len(films))
    borrowed = sum(film.split == "train_nc" for film in films)
    facts = {
        **{name: recipe[name] for name in ("scale", "learning_rate", "weight_decay")},
        **{name: recipe[name] for name in ("label_smoothing", "seed")},
        **{name: getattr(manifest, name) for name in ("id", "version", "title", "licence")},
        "intended_use": manifest.intended_use,
        "width": manifest.input.width,
        "height": manifest.input.height,
        "count_table": _count_table(films),
        "non_commercial": Template(NON_COMMERCIAL if borrowed else OPEN_TERMS).substitute(
            number=borrowed
        ),
        "children": f"{100 * children:.0f}",
        "shares": ", ".join(f"{n} {100 * s:.0f} %" for n, s in recipe["hospital_shares"].items()),
        "figures": _rows(manifest.figures.items()),
        "normal_below": f"{manifest.points.normal_below:.4f}",
        "abnormal_from": f"{manifest.points.abnormal_from:.4f}",
        "never": _never(manifest),
        "temperature": f"{scaling.temperature:.3f}",
        "shift": f"{scaling.shift:.3f}",
        "meaning_base": manifest.meaning_base,
        "meaning": _rows(
            (f"{r.low:.1f} to {r.high:.1f}", r.abnormal_of_100) for r in manifest.meaning
        ),
        "limits": "\n".join(f"- {limit}" for limit in manifest.limits),
        "stages": _stages(recipe),
        "labels": ", ".join(manifest.labels),
        "checks": _rows(checks.items()),
    }
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(facts)


def _count_table(films: Sequence[Film]) -> str:
    head = "| split | source | label | films |\n|---|---|---|---|\n"
    return head + _rows((*key, number) for key, number in counts(films).items())


def _rows(rows: Iterable[Sequence[object]]) -> str:
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in rows)


def _never(manifest: Manifest) -> str:
    """Own up to a cut that no film of validation reached."""
    if manifest.points.abnormal_from < 1.0:
        return ""
    return " (no cut reached that, so nothing is called abnormal)"


def _stages(recipe: Mapping[str, Any]) -> str:
    """Tell a run's stages, beginning with those of the smaller network it was grown from."""
    own = ", ".join(
        f"{s['steps']} steps of {s['batch']} films at {s['size']} px" for s in recipe["stages"]
    )
    before = recipe.get("grown_from")
    if not before:
        return own
    return (
        f"A YOLOv5{before['scale']} was trained from random weights ({_stages(before)}; learning "
        f"rate {before['learning_rate']}) and grown into this network (Net2Net, Chen et al., ICLR "
        f"2016), which was then trained for {own}"
    )
