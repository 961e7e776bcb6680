"""`models`: the installed model packs and their checks."""

from __future__ import annotations

import argparse

from cxr_desktop.cli.command import Command, Exit, Invocation, add_json
from cxr_desktop.cli.sessions import engine_only
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_pack import ModelInfo


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def _run(call: Invocation) -> int:
    with engine_only(call) as engine:
        packs = engine.catalog.packs()
    if not packs:
        raise ModelUnavailable(
            "No model is installed.", hint="Import one in the window: Admin, Models."
        )
    for info in packs:
        if call.args.json:
            call.terminal.json_line(_as_json(info))
        else:
            _as_text(call, info)
    return Exit.SOME_REFUSED if any(info.problem for info in packs) else Exit.DONE


def _as_json(info: ModelInfo) -> dict[str, object]:
    return {
        "id": info.ref.id,
        "version": info.ref.version,
        "sha256": info.ref.sha256,
        "title": info.title,
        "active": info.active,
        "built_in": info.built_in,
        "problem": info.problem or None,
        "normal_below": info.points.normal_below,
        "abnormal_from": info.points.abnormal_from,
        "intended_use": info.intended_use,
        "trained_on": info.trained_on,
        "licence": info.licence,
        "figures": dict(info.figures),
    }


def _as_text(call: Invocation, info: ModelInfo) -> None:
    mark = "*" if info.active else " "
    call.terminal.line(f"{mark} {info.ref.id} {info.ref.version}  {info.title}".rstrip())
    if info.problem:
        call.terminal.line(f"    may not be used: {info.problem}")
        return
    call.terminal.line(f"    checks passed; SHA-256 {info.ref.sha256}")
    call.terminal.line(
        f"    normal below {info.points.normal_below:g}, "
        f"abnormal from {info.points.abnormal_from:g}"
    )
    for name, value in info.figures.items():
        call.terminal.line(f"    {name}: {value}")


COMMAND = Command("models", "list the installed models and their checks", _arguments, _run)
