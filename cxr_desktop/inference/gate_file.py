"""The gate's file in a pack: plain arrays (`.npz`, nothing that runs), checked as they are read."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.inference.film_gate import (
    CELLS,
    CLASSES,
    NEIGHBOURS,
    FilmGate,
    FilmSpace,
    GateNumbers,
)

VERSION = 1
UNPACKED_LIMIT = 16 << 20
SPACES = ("network", "picture")
SPACE_PARTS = ("mean", "axes", "scale", "centres", "bank")
PARTS = ("version", "centre", "spread", "weights", "bias", "least_margin")
SMALL = ("axes", "bank")  # half precision is enough where many numbers are added up
Arrays = dict[str, NDArray[Any]]


def gate_bytes(numbers: GateNumbers) -> bytes:
    """Write the numbers, as `read_gate` reads them."""
    arrays: Arrays = {
        "version": np.array(VERSION),
        "centre": numbers.centre.astype(np.float32),
        "spread": numbers.spread.astype(np.float32),
        "weights": numbers.weights.astype(np.float32),
        "bias": numbers.bias.astype(np.float32),
        "least_margin": np.array(numbers.least_margin),
    }
    for name in SPACES:
        space: FilmSpace = getattr(numbers, name)
        for part in SPACE_PARTS:
            kind = np.float16 if part in SMALL else np.float32
            arrays[f"{name}.{part}"] = getattr(space, part).astype(kind)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type] # numpy's stub takes no names with **
    return buffer.getvalue()


def read_gate(content: bytes, spec: InputSpec) -> FilmGate:
    """Read a gate for a model of that input. Raises `ModelUnavailable` for anything unsound."""
    try:
        numbers = _numbers(_arrays(content))
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise _damaged() from error
    if spec.height % CELLS or spec.width % CELLS or not _fit_together(numbers):
        raise _damaged()
    return FilmGate(numbers, spec)


def _arrays(content: bytes) -> Arrays:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > UNPACKED_LIMIT:
            raise ValueError("the gate is too large")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _numbers(arrays: Arrays) -> GateNumbers:
    if int(arrays["version"]) != VERSION:
        raise ValueError("the gate is of another version")
    exact = {name: np.asarray(values, dtype=np.float64) for name, values in arrays.items()}
    if not all(np.isfinite(values).all() for values in exact.values()):
        raise ValueError("the gate holds what is no number")
    network, picture = (
        FilmSpace(**{part: exact[f"{name}.{part}"] for part in SPACE_PARTS}) for name in SPACES
    )
    return GateNumbers(
        network,
        picture,
        exact["centre"],
        exact["spread"],
        exact["weights"],
        exact["bias"],
        float(exact["least_margin"]),
    )


def _fit_together(numbers: GateNumbers) -> bool:
    """Whether every array has the shape that the others ask for, and nothing is divided by 0."""
    for space in (numbers.network, numbers.picture):
        if space.axes.ndim != 2 or not (space.scale > 0).all():
            return False
        values, count = space.axes.shape
        if space.mean.shape != (values,) or space.scale.shape != (count,):
            return False
        for rows, least in ((space.centres, 1), (space.bank, NEIGHBOURS)):
            if rows.ndim != 2 or rows.shape[1] != count or len(rows) < least:
                return False
    read = 3 + numbers.network.axes.shape[1] + 3 + len(numbers.picture.mean)
    return (
        numbers.centre.shape == numbers.spread.shape == (read,)
        and bool((numbers.spread > 0).all())
        and numbers.weights.shape == (len(CLASSES), read)
        and numbers.bias.shape == (len(CLASSES),)
        and len(numbers.picture.mean) == CELLS * CELLS + 9
    )


def _damaged() -> ModelUnavailable:
    return ModelUnavailable(
        "The model's file of what it must not read is damaged or does not fit the model.",
        hint="Import the model pack again from its source.",
    )
