"""Which labels of a foreign model mean normal, and which abnormal: by words, never by position."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cxr_desktop.domain.errors import ModelUnavailable

NORMAL_WORDS = frozenset({"normal", "normals", "healthy", "clear", "control", "negative"})
ABNORMAL_WORDS = frozenset(
    {
        "abnormal", "anormal", "abnormality", "abnormalities", "pathology", "pathological",
        "pathologic", "disease", "diseased", "sick", "unhealthy", "positive", "finding",
        "findings", "pneumonia", "bacteria", "bacterial", "viral", "virus", "tuberculosis",
        "tb", "tuberculous", "covid", "covid19", "effusion", "cardiomegaly", "pneumothorax",
        "atelectasis", "consolidation", "edema", "oedema", "fibrosis", "emphysema", "mass",
        "nodule", "infiltration", "infiltrate", "opacity", "cancer", "tumor", "tumour",
        "lesion", "silicosis", "pneumoconiosis",
    }
)  # fmt: skip
NEGATIONS = frozenset({"no", "non", "not", "without"})


def abnormal_labels(names: Mapping[int, str]) -> tuple[str, ...]:
    """Return the names that mean abnormal.

    Raises `ModelUnavailable` unless every name is understood and both kinds are there.
    """
    kinds = {name: means_abnormal(name) for name in names.values()}
    unknown = [name for name, kind in kinds.items() if kind is None]
    if unknown:
        raise ModelUnavailable(
            f"The model's label “{unknown[0][:60]}” is not known to mean normal or abnormal.",
            hint="Put a manifest.toml beside the file that names “labels” and “abnormal_labels”.",
        )
    abnormal = tuple(name for name, kind in kinds.items() if kind)
    if not abnormal or len(abnormal) == len(kinds):
        raise ModelUnavailable(
            "The model does not tell normal films from abnormal ones.",
            hint="Import a model with a label for normal and one for abnormal.",
        )
    return abnormal


def means_abnormal(name: str) -> bool | None:
    """Read one label: "No_Finding" is normal, "TB" abnormal, "class_1" None."""
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    negated = bool(NEGATIONS.intersection(words))
    finding = any(word in ABNORMAL_WORDS for word in words)
    normal = any(word in NORMAL_WORDS for word in words)
    if normal and finding:
        # "covid negative" denies its finding; "normal pneumonia" says nothing sure.
        return False if "negative" in words and not negated else None
    if not normal and not finding:
        return None
    return finding != negated
