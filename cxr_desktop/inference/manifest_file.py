"""Reading and writing `manifest.toml`.

Unknown keys are tolerated, so that an older program opens a newer pack; a wrong type is refused by
the key's name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import tomli_w

from cxr_desktop.domain.assessment import ABNORMAL, OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.inference.manifest import GateFile, GoldenCase, Manifest, MeaningRow

SIZE_LIMIT = 1 << 20
HINT = "Import the pack again from its source, or choose another model in Admin, Models."


def read_manifest(path: Path) -> Manifest:
    """Read and check a manifest. Raises `ModelUnavailable`."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise ModelUnavailable(f"“{path.name}” is too large for a manifest.", hint=HINT)
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ModelUnavailable("The model pack has no manifest.", hint=HINT) from error
    except OSError as error:
        raise ModelUnavailable("The model's manifest could not be read.", hint=HINT) from error
    return _parsed(content)


@lru_cache(maxsize=8)  # read anew for every film; parsing takes 2 ms
def _parsed(content: bytes) -> Manifest:
    try:
        table = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelUnavailable("The model's manifest is damaged.", hint=HINT) from error
    return parse_manifest(table)


def parse_manifest(table: Mapping[str, Any]) -> Manifest:
    """Build a `Manifest` from parsed TOML. Raises `ModelUnavailable`, naming the key at fault."""
    top = _Table(table)
    try:
        return Manifest(
            id=top.text("id"),
            version=top.text("version"),
            title=top.text("title"),
            sha256=top.text("sha256").lower(),
            labels=top.texts("labels"),
            abnormal_labels=top.texts("abnormal_labels", (ABNORMAL,)),
            points=_points(top.table("operating_points")),
            input=_input(top.table("input")),
            intended_use=top.text("intended_use", ""),
            licence=top.text("licence", ""),
            trained_on=top.text("trained_on", ""),
            limits=top.texts("limits", ()),
            figures=top.table("figures", {}).all_texts(),
            films=top.table("films", {}).all_texts(),
            training=top.table("training", {}).all_texts(),
            meaning=tuple(_meaning(row) for row in top.tables("meaning")),
            meaning_base=top.text("meaning_base", ""),
            golden=_golden(top),
            gate=_gate(top),
        )
    except ValueError as error:
        # Our own sentences from the values' checks, never a library's.
        raise ModelUnavailable(f"The model's manifest is wrong: {error}.", hint=HINT) from error


def write_manifest(manifest: Manifest, path: Path) -> None:
    """Write a manifest that `read_manifest` reads back as the same value. Raises OSError."""
    table: dict[str, Any] = {
        "id": manifest.id,
        "version": manifest.version,
        "title": manifest.title,
        "sha256": manifest.sha256,
        "labels": list(manifest.labels),
        "abnormal_labels": list(manifest.abnormal_labels),
        "intended_use": manifest.intended_use,
        "licence": manifest.licence,
        "trained_on": manifest.trained_on,
        "limits": list(manifest.limits),
        "meaning_base": manifest.meaning_base,
        "input": asdict(manifest.input),
        "operating_points": asdict(manifest.points),
        "figures": dict(manifest.figures),
        "films": dict(manifest.films),
        "training": dict(manifest.training),
        "meaning": [
            {
                "from": row.low,
                "to": row.high,
                "abnormal_of_100": row.abnormal_of_100,
                "films": row.films,
            }
            for row in manifest.meaning
        ],
    }
    if manifest.golden is not None:
        table["golden"] = asdict(manifest.golden)
    if manifest.gate is not None:
        table["gate"] = asdict(manifest.gate)
    path.write_text(tomli_w.dumps(table), encoding="utf-8", newline="\n")


class _Table:
    """One TOML table whose values are checked by type as they are taken out."""

    def __init__(self, values: Mapping[str, Any], name: str = "") -> None:
        self._values = values
        self._name = name

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def _take(self, key: str, default: Any, kinds: tuple[type, ...], what: str) -> Any:
        name = f"{self._name}.{key}" if self._name else key
        if key not in self._values:
            if default is None:
                raise ValueError(f"“{name}” is missing")
            return default
        value = self._values[key]
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise ValueError(f"“{name}” must be {what}")  # noqa: TRY004 - all faults are one kind here
        return value

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._take(key, default, (str,), "text"))

    def number(self, key: str, default: float | None = None) -> float:
        return float(self._take(key, default, (int, float), "a number"))

    def whole(self, key: str, default: int | None = None) -> int:
        return int(self._take(key, default, (int,), "a whole number"))

    def _list(self, key: str, default: Any, kinds: tuple[type, ...], what: str) -> list[Any]:
        values = self._take(key, default, (list, tuple), what)
        if any(not isinstance(value, kinds) or isinstance(value, bool) for value in values):
            raise ValueError(f"“{self._name}.{key}” must be {what}".replace("“.", "“"))
        return list(values)

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        return tuple(self._list(key, default, (str,), "a list of texts"))

    def numbers(self, key: str, default: tuple[float, ...] | None = None) -> tuple[float, ...]:
        values = self._list(key, default, (int, float), "a list of numbers")
        return tuple(float(value) for value in values)

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> _Table:
        return _Table(self._take(key, default, (Mapping,), "a table"), key)

    def tables(self, key: str) -> list[_Table]:
        rows = self._list(key, (), (Mapping,), "a list of tables")
        return [_Table(row, key) for row in rows]

    def all_texts(self) -> dict[str, str]:
        return {key: self.text(key) for key in self._values}


def _points(table: _Table) -> OperatingPoints:
    return OperatingPoints(table.number("normal_below"), table.number("abnormal_from"))


def _input(table: _Table) -> InputSpec:
    fit, intensity = table.text("fit"), table.text("intensity")
    mean, std = table.numbers("mean"), table.numbers("std")
    if fit not in {"stretch", "centre_crop"}:
        raise ValueError("“input.fit” must be “stretch” or “centre_crop”")
    if intensity not in {"as_read", "percentile"}:
        raise ValueError("“input.intensity” must be “as_read” or “percentile”")
    if len(mean) != 3 or len(std) != 3:
        raise ValueError("“input.mean” and “input.std” need three numbers each")
    return InputSpec(
        width=table.whole("width"),
        height=table.whole("height"),
        fit="stretch" if fit == "stretch" else "centre_crop",
        intensity="as_read" if intensity == "as_read" else "percentile",
        mean=(mean[0], mean[1], mean[2]),
        std=(std[0], std[1], std[2]),
    )


def _meaning(table: _Table) -> MeaningRow:
    return MeaningRow(
        table.number("from"),
        table.number("to"),
        table.whole("abnormal_of_100"),
        table.whole("films", 0),
    )


def _golden(top: _Table) -> GoldenCase | None:
    if "golden" not in top:
        return None
    table = top.table("golden")
    return GoldenCase(table.text("film"), table.numbers("logits"))


def _gate(top: _Table) -> GateFile | None:
    if "gate" not in top:
        return None
    table = top.table("gate")
    return GateFile(table.text("file"), table.text("sha256").lower())
