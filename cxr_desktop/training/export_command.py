"""`python -m cxr_desktop.training export FINAL MANIFEST …`: from a run to a pack."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from cxr_desktop.training.card import write_cards
from cxr_desktop.training.export import PackName, export_pack
from cxr_desktop.training.films import Film
from cxr_desktop.training.left_out import mean_of_runs, read_left_out

MADE = {"command": "Command", "duration": "Duration", "hardware": "Hardware"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what an export needs to a parser."""
    parser.add_argument("final", type=Path, help="`final.pt` of the run")
    parser.add_argument("manifest", type=Path, help="the films: points are chosen on validation")
    parser.add_argument("--out", type=Path, required=True, help="folder of the pack, models/ID")
    parser.add_argument("--id", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--title", default="Chest film, normal or abnormal")
    parser.add_argument(
        "--loso",
        type=Path,
        action="append",
        default=[],
        help="`loso.json` of networks with hospitals left out; of several seeds, several",
    )
    parser.add_argument("--loso-how", default="", help="which networks those were")
    parser.add_argument("--command", default="", help="the command that trained the run")
    parser.add_argument("--duration", default="", help="how long that took")
    parser.add_argument("--hardware", default="", help="on what")
    parser.add_argument("--card", type=Path, help="also write the model card, docs/model-card.md")
    parser.add_argument("--figure", action="append", default=[], help="NAME=VALUE, repeatable")


def run(parsed: argparse.Namespace, films: Sequence[Film]) -> None:
    """Export, write the card where one was asked for, and print every figure."""
    name = PackName(
        parsed.id,
        parsed.version,
        parsed.title,
        more_figures=dict(figure.split("=", 1) for figure in parsed.figure),
        left_out=mean_of_runs([read_left_out(one) for one in parsed.loso]),
        left_out_how=parsed.loso_how,
        made={words: value for key, words in MADE.items() if (value := getattr(parsed, key))},
    )
    manifest = export_pack(parsed.final, films, parsed.out, name)
    if parsed.card:
        write_cards(parsed.out, parsed.card)
    print(f"{parsed.out}: {manifest.id} {manifest.version}, SHA-256 {manifest.sha256}")
    for figure, value in manifest.figures.items():
        print(f"{figure}: {value}")
