"""The model card and the short README of a pack, both written from its manifest alone.

One command writes them again: ``python -m cxr_desktop.training.card models/ID docs/model-card.md``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template

from cxr_desktop.inference.manifest import MANIFEST_NAME, Manifest
from cxr_desktop.inference.manifest_file import read_manifest
from cxr_desktop.training.drawn_failures import EXAMPLES, PREFIX, example_file, example_png

HERE = Path(__file__).parent
CARD_TEMPLATE = HERE / "card_template.md"
README_TEMPLATE = HERE / "pack_readme_template.md"
README_NAME = "README.md"
CHILDREN = "kermany"
BORROWED_SPLIT = "train_nc"
UNKNOWN = "not recorded in this version's manifest"

ATTRIBUTION = (
    "the Shenzhen films were provided by the Shenzhen No. 3 People's Hospital through the U.S. "
    "National Library of Medicine; the ChestX-ray14 films were provided by the NIH Clinical "
    "Center; the Kermany films are used under CC BY 4.0 and were changed (made smaller, squashed "
    "to squares)"
)
NON_COMMERCIAL = (
    "**Non-commercial part:** $number of the normal films are NIH's own pixels with NIH's label "
    "“No Finding”, but that *these* films were picked rests on annotations of the RSNA 2018 "
    "challenge, whose terms are non-commercial. Until that is cleared with their publishers, treat "
    "these weights as for non-commercial use."
)
OPEN_TERMS = "No film was picked by annotations with non-commercial terms."


def card_text(manifest: Manifest, pictures: str) -> str:
    """Write the card as Markdown; `pictures` is the folder of the drawn examples, seen from it."""
    parts = _parts(manifest.figures)
    return _filled(
        CARD_TEMPLATE,
        manifest,
        {
            "by_source": _by_source(parts["validation"]),
            "held_out": _table(parts["held out"]),
            "left_out": _table(parts["left out"]),
            "gate": _table(parts["gate"]),
            "checks": _table(parts["file"]),
            "other": _table(parts["other"]),
            "examples": _examples(parts["drawn"], pictures),
            "films": _films(manifest),
            "children": _children(manifest.films),
            "non_commercial": _non_commercial(manifest),
            "training": _table(manifest.training),
            "meaning": _meaning(manifest),
        },
    )


def readme_text(manifest: Manifest) -> str:
    """Write the README of the pack's folder: what it is for, and where the rest stands."""
    return _filled(README_TEMPLATE, manifest, {})


def write_cards(pack: Path, card: Path) -> None:
    """Write the card with its pictures, and the README of the pack, from the pack's manifest."""
    manifest = read_manifest(pack / MANIFEST_NAME)
    pictures = card.with_suffix("")
    pictures.mkdir(parents=True, exist_ok=True)
    for name in EXAMPLES:
        (pictures / example_file(name)).write_bytes(example_png(name))
    card.write_text(card_text(manifest, pictures.name), encoding="utf-8", newline="\n")
    (pack / README_NAME).write_text(readme_text(manifest), encoding="utf-8", newline="\n")


def _filled(template: Path, manifest: Manifest, more: Mapping[str, str]) -> str:
    facts = {
        **{name: getattr(manifest, name) for name in ("id", "version", "title", "licence")},
        "intended_use": manifest.intended_use,
        "trained_on": manifest.trained_on,
        "width": str(manifest.input.width),
        "height": str(manifest.input.height),
        "labels": ", ".join(manifest.labels),
        "network": manifest.training.get("Network", "YOLOv5x-cls"),
        "normal_below": f"{manifest.points.normal_below:.4f}",
        "abnormal_from": f"{manifest.points.abnormal_from:.4f}",
        "never": "" if manifest.points.abnormal_from < 1.0 else ": nothing is called abnormal",
        "limits": "\n".join(f"- {limit}" for limit in manifest.limits),
        "attribution": ATTRIBUTION,
        **more,
    }
    return Template(template.read_text(encoding="utf-8")).substitute(facts)


def _parts(figures: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Sort the figures by what they are about, each into one part."""
    parts: dict[str, dict[str, str]] = {
        name: {}
        for name in ("validation", "held out", "left out", "gate", "file", "drawn", "other")
    }
    for name, value in figures.items():
        parts[_part_of(name)][name] = value
    return parts


def _part_of(name: str) -> str:
    starts = {"Gate: ": "gate", "File: ": "file", PREFIX: "drawn"}
    for start, part in starts.items():
        if name.startswith(start):
            return part
    if "left out" in name:
        return "left out"
    if " halves " in name:
        return "held out"
    return "validation" if name.endswith(" validation") and ", " in name else "other"


def _by_source(figures: Mapping[str, str]) -> str:
    """Lay figures "TITLE, SOURCE validation" out as a table: titles down, sources across."""
    cells: dict[str, dict[str, str]] = {}
    for name, value in figures.items():
        title, _, source = name.removesuffix(" validation").rpartition(", ")
        cells.setdefault(title, {})[source] = value
    sources = sorted({source for row in cells.values() for source in row})
    rows = [(title, *(row.get(source, "–") for source in sources)) for title, row in cells.items()]
    return _rows([("figure", *sources), ("---",) * (1 + len(sources)), *rows])


def _table(rows: Mapping[str, str]) -> str:
    if not rows:
        return f"({UNKNOWN})"
    return _rows([("", ""), ("---", "---"), *rows.items()])


def _rows(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _films(manifest: Manifest) -> str:
    if not manifest.films:
        return f"{manifest.trained_on}."
    rows = [(*name.split(", "), number) for name, number in manifest.films.items()]
    return _rows([("source", "label", "split", "films"), ("---",) * 4, *rows])


def _children(films: Mapping[str, str]) -> str:
    total = sum(map(int, films.values()))
    theirs = sum(int(number) for name, number in films.items() if name.startswith(CHILDREN))
    return f" ({100 * theirs / total:.0f} % of the training films)" if total else ""


def _non_commercial(manifest: Manifest) -> str:
    borrowed = sum(
        int(number) for name, number in manifest.films.items() if name.endswith(BORROWED_SPLIT)
    )
    if borrowed or "not for commercial use" in manifest.licence:
        return Template(NON_COMMERCIAL).substitute(number=borrowed or "some")
    return OPEN_TERMS


def _meaning(manifest: Manifest) -> str:
    rows = [
        (
            f"{row.low:.1f} to {row.high:.1f}",
            str(row.abnormal_of_100),
            str(row.films) if row.films else UNKNOWN,
        )
        for row in manifest.meaning
    ]
    head = ("score", f"abnormal of 100 {manifest.meaning_base}", "films counted")
    return _rows([head, ("---",) * 3, *rows])


def _examples(figures: Mapping[str, str], pictures: str) -> str:
    rows = [
        (f"![{name}]({pictures}/{example_file(name)})", name, figures.get(PREFIX + name, UNKNOWN))
        for name in EXAMPLES
    ]
    return _rows([("drawing", "what is drawn", "what the model says"), ("---",) * 3, *rows])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write card and README again; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m cxr_desktop.training.card")
    parser.add_argument("pack", type=Path, help="folder of the pack, models/ID")
    parser.add_argument("card", type=Path, help="the card to write, docs/model-card.md")
    parsed = parser.parse_args(arguments)
    write_cards(parsed.pack, parsed.card)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
