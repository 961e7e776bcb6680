"""The index of training films: what is in which split, and proof that nothing leaks."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

REQUIRED_COLUMNS = frozenset(
    {
        "path",
        "source_dataset",
        "label",
        "patient_id",
        "view",
        "label_confidence",
        "split",
        "terms",
        "sha256",
    }
)
LABELS = ("normal", "abnormal", "ood")
TRAIN_SPLITS = ("train", "train_nc")
VAL_SPLITS = ("val", "val_nc")


class LeakError(Exception):
    """A patient or a film stands in more than one split: no figure from it could be trusted."""


@dataclass(frozen=True, slots=True)
class Film:
    """One row of the manifest. `path` is absolute."""

    path: Path
    source: str
    label: str
    patient: str
    view: str
    confidence: str
    split: str
    terms: str
    sha256: str
    finding: str = ""

    @property
    def hospital(self) -> str:
        """The place the film comes from: all NIH collections are one hospital."""
        return "nih" if self.source.startswith("nih") else self.source

    @property
    def is_abnormal(self) -> bool:
        """Whether the label is `abnormal`."""
        return self.label == "abnormal"


def load_manifest(manifest: Path) -> list[Film]:
    """Read `manifest.csv`; film paths are relative to its folder.

    Raises ValueError for missing columns or an unknown label, and `LeakError` for shared patients
    or films between training and validation.
    """
    with manifest.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = REQUIRED_COLUMNS - set(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{manifest} lacks the columns {', '.join(sorted(missing))}")
        films = [_film(row, manifest.parent) for row in reader]
    unknown = {film.label for film in films} - set(LABELS)
    if unknown:
        raise ValueError(f"{manifest} has unknown labels: {', '.join(sorted(unknown))}")
    check_disjoint(films)
    return films


def _film(row: dict[str, str], folder: Path) -> Film:
    return Film(
        path=folder / row["path"],
        source=row["source_dataset"],
        label=row["label"],
        patient=row["patient_id"],
        view=row["view"],
        confidence=row["label_confidence"],
        split=row["split"],
        terms=row["terms"],
        sha256=row["sha256"],
        finding=row.get("finding", ""),
    )


def check_disjoint(films: Iterable[Film]) -> None:
    """Raise `LeakError` when a patient, or a file, is in training and in validation."""
    for name in ("patient", "sha256"):
        sides: dict[str, set[str]] = defaultdict(set)
        for film in films:
            key = str(getattr(film, name))
            if key and film.split in (*TRAIN_SPLITS, *VAL_SPLITS):
                sides[key].add("train" if film.split in TRAIN_SPLITS else "val")
        shared = sorted(key for key, side in sides.items() if len(side) > 1)
        if shared:
            raise LeakError(
                f"{len(shared)} values of {name} are in training and in validation, "
                f"for example {shared[0]}"
            )


def check_held_out(train: Sequence[Film], hospital: str) -> None:
    """Raise `LeakError` when a film of the held-out hospital is among the training films."""
    leaked = [film for film in train if film.hospital == hospital]
    if leaked:
        raise LeakError(f"{len(leaked)} films of the held-out hospital {hospital} are in training")


def counts(films: Iterable[Film]) -> dict[tuple[str, str, str], int]:
    """Count films per (split, source, label), sorted."""
    return dict(sorted(Counter((f.split, f.source, f.label) for f in films).items()))
