"""What a pack's manifest says of its making: the words and counts that the model card shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.training.films import Film, counts
from cxr_desktop.training.recipe import smaller_before

INTENDED_USE = (
    "A second opinion on frontal chest films for qualified readers: normal, uncertain or abnormal. "
    f"{DISCLAIMER}"
)
LIMITS = (
    "It learned pneumonia in small children; tuberculosis and eight kinds of findings in adults.",
    "Other findings, fractures and devices were not labelled in its training films.",
    "Not tested on infants and on ages 6 to 17; not made for side views or other body parts.",
    "Validation films count as half abnormal; where fewer patients are ill, more alarms are false.",
    "Trained on small pictures (short side at most 320 pixels): small nodules are not seen.",
    "The heat map shows what moved the score. It is not the outline of a lesion.",
)

OWN_SHIFT_LIMIT = (
    "Only films that look like those of the one children's hospital in training are scaled as "
    "theirs; films of other children may score too high."
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


def film_counts(films: Iterable[Film]) -> dict[str, str]:
    """Count the training films by "source, label, split"."""
    return {
        f"{source}, {label}, {split}": str(number)
        for (split, source, label), number in counts(films).items()
    }


def training_facts(stored: Mapping[str, Any], made: Mapping[str, str]) -> dict[str, str]:
    """Say how the network was trained, from the recipe stored with its weights.

    `made` adds what the recipe cannot know: the command, how long it took, on what.
    """
    facts = {
        "Network": f"YOLOv5{stored['scale']}-cls",
        "Stages": stages_text(stored),
        "Learning rate": f"{stored['learning_rate']:g}",
        "Weight decay": f"{stored['weight_decay']:g}",
        "Label smoothing": f"{stored['label_smoothing']:g}",
        "Seed": str(stored["seed"]),
        "Shares of a batch": hospitals_text(stored),
        "Non-commercial films": "used" if stored["use_non_commercial"] else "left out",
    }
    return facts | dict(made)


def stages_text(stored: Mapping[str, Any]) -> str:
    """Tell a run's stages, beginning with those of the smaller networks that it started from."""
    own = ", ".join(
        f"{s['steps']} steps of {s['batch']} films at {s['size']} px"
        for s in stored["stages"]
        if s["steps"]
    )
    members = smaller_before(stored)
    if not members:
        return own
    then = f", which was then trained for {own}" if own else " and nothing was trained after that"
    ways = dict.fromkeys(
        f"{stages_text(member)}; learning rate {member['learning_rate']:g}" for member in members
    )
    scale, way = members[0]["scale"], "; or ".join(ways)
    if len(members) == 1 and scale == stored["scale"]:
        kept = stored.get("kept_from_start", 0.0)
        between = f"; of each weight {100 * kept:.0f} % is of before that" if kept else ""
        return (
            f"{way}, on {hospitals_text(members[0])}; then {own}, on {hospitals_text(stored)}"
            f"{between}"
        )
    if len(members) == 1:
        return (
            f"A YOLOv5{scale} was trained from random weights ({way}) and grown into this network "
            f"(Net2Net, Chen et al., ICLR 2016){then}"
        )
    origin = "" if any(smaller_before(member) for member in members) else " from random weights"
    seeds = ", ".join(str(member["seed"]) for member in members)
    return (
        f"{len(members)} networks YOLOv5{scale} were trained{origin} ({way}; seeds {seeds}) and "
        f"put side by side in this network as their average{then}"
    )


def hospitals_text(stored: Mapping[str, Any]) -> str:
    """Tell the hospitals that a recipe draws from: "kermany 6 %, nih 74 %, shenzhen 20 %"."""
    shares = stored["hospital_shares"]
    whole = sum(shares.values())
    return ", ".join(f"{name} {100 * share / whole:.0f} %" for name, share in shares.items())
