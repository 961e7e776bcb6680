"""`python -m cxr_desktop.training check|train|loso|export`: see docs/model.md."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import torch

from cxr_desktop.training.export_command import add_arguments
from cxr_desktop.training.export_command import run as export
from cxr_desktop.training.films import counts, load_manifest
from cxr_desktop.training.loso import HOSPITALS, leave_one_out
from cxr_desktop.training.recipe import Recipe, Stage
from cxr_desktop.training.train import train


def _stages(text: str) -> tuple[Stage, ...]:
    """Parse `128x1700x32,160x900x32`: size x steps x batch."""
    return tuple(Stage(*(int(part) for part in item.split("x"))) for item in text.split(","))


def _share(text: str) -> tuple[str, float]:
    """Parse `kermany=0.05`."""
    hospital, _, share = text.partition("=")
    return hospital, float(share)


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    """Add what changes the recipe of every kind of training."""
    parser.add_argument("--stages", type=_stages, help="size x steps x batch, e.g. 128x1700x32")
    parser.add_argument("--learning-rate", type=float)
    parser.add_argument(
        "--share",
        action="append",
        type=_share,
        default=[],
        help="HOSPITAL=SHARE of the films drawn, repeatable; 0 leaves it out",
    )
    parser.add_argument("--averaging", type=float, help="decay of the averaged weights")
    parser.add_argument("--threads", type=int, help="CPU cores to use")
    parser.add_argument("--scale", choices=tuple("nsmlx"))
    parser.add_argument("--seed", type=int)
    parser.add_argument("--open-terms-only", action="store_true", help="leave `train_nc` out")
    parser.add_argument(
        "--grow-from",
        type=Path,
        action="append",
        default=[],
        help="`final.pt` of a network to start from; several are put side by side",
    )
    parser.add_argument(
        "--keep-start",
        type=float,
        dest="kept_from_start",
        help="share of the network it started from in the final weights, 0 to 1",
    )
    parser.add_argument("--head-channels", type=int, help="256 for one of five members of an x")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cxr_desktop.training", description=__doc__)
    commands = parser.add_subparsers(dest="task", required=True)
    check = commands.add_parser("check", help="count the films and prove that no patient leaks")
    check.add_argument("manifest", type=Path)
    run = commands.add_parser("train", help="train, or resume, a run")
    run.add_argument("manifest", type=Path)
    run.add_argument("--out", type=Path, required=True, help="folder for checkpoints and figures")
    run.add_argument("--resume", action="store_true")
    _add_recipe(run)
    run.add_argument("--warmup-steps", type=int)
    run.add_argument("--hold-out", choices=("kermany", "shenzhen", "nih"))
    left_out = commands.add_parser("loso", help="leave one hospital out, each in turn")
    left_out.add_argument("manifest", type=Path)
    left_out.add_argument("--out", type=Path, required=True)
    left_out.add_argument("--hospital", action="append", choices=HOSPITALS, default=[])
    _add_recipe(left_out)
    pack = commands.add_parser("export", help="make a model pack of a trained run")
    add_arguments(pack)
    return parser


def _recipe(arguments: argparse.Namespace) -> Recipe:
    changes: dict[str, Any] = {
        name: getattr(arguments, name)
        for name in (
            "stages",
            "scale",
            "seed",
            "hold_out",
            "learning_rate",
            "warmup_steps",
            "head_channels",
            "averaging",
            "kept_from_start",
        )
        if getattr(arguments, name, None)
    }
    if arguments.share:
        shares = Recipe().hospital_shares | dict(arguments.share)
        changes["hospital_shares"] = {name: share for name, share in shares.items() if share > 0}
    return replace(Recipe(), use_non_commercial=not arguments.open_terms_only, **changes)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parsed = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    films = load_manifest(parsed.manifest)
    if parsed.task == "check":
        for (split, source, label), number in counts(films).items():
            print(f"{split:10} {source:18} {label:9} {number:6}")
        print("No patient and no film is in training and in validation.")
        return 0
    if parsed.task == "export":
        export(parsed, films)
        return 0
    cv2.setNumThreads(1)
    if parsed.threads:
        torch.set_num_threads(parsed.threads)
    if parsed.task == "loso":
        wanted = parsed.hospital or HOSPITALS
        figures = leave_one_out(films, _recipe(parsed), parsed.out, wanted, parsed.grow_from)
        for name, figure in figures.items():
            print(f"{name:32} {figure}")
        return 0
    areas = train(
        films, _recipe(parsed), parsed.out, resume=parsed.resume, seedlings=parsed.grow_from
    )
    print(json.dumps(areas))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
