"""Does this picture look like the films that the model learnt from? Asked before a verdict.

The gate reads what the network saw anyway (its pooled features) and a 16 x 16 picture of the film,
both as coordinates among the training films: how far from them, and where. One linear layer weighs
that for six classes. There is no second network and no second run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.model_input import InputSpec, ModelInput

Numbers = NDArray[np.float64]

CLASSES = ("film", "upside down", "turned", "inverted", "cropped", "other")
CELLS = 16
NEIGHBOURS = 5
FARTHEST = 6.0  # deviations: beyond that a value says no more than "far"
CLEAR_REASON = 0.6
ANOTHER_FILE = "Open an upright frontal chest film that shows the whole chest."
REASONS = {
    "upside down": (
        RefusalCode.NOT_UPRIGHT,
        "The film seems to be upside down.",
        "Turn it by half a circle in the program it comes from, then open it again.",
    ),
    "turned": (
        RefusalCode.NOT_UPRIGHT,
        "The film seems to lie on its side.",
        "Turn it upright in the program it comes from, then open it again.",
    ),
    "inverted": (
        RefusalCode.INVERTED,
        "The film seems to be a negative: bone is dark on it.",
        "Exchange black and white, here or in the program it comes from, then run it again.",
    ),
    "cropped": (
        RefusalCode.CROPPED,
        "The picture seems to show only a part of a chest film, or a small film on a page.",
        "Open the whole film, cut to its own edges.",
    ),
    "other": (
        RefusalCode.NOT_A_CHEST,
        "The picture does not look like a frontal chest film.",
        ANOTHER_FILE,
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class FilmSpace:
    """Coordinates among the training films, scaled to deviation 1 along `count` main axes.

    `mean` (values,), `axes` (values, count), `scale` (count,); `centres` (sources, count) are the
    sources' means and `bank` (films, count) some single films, both in these coordinates.
    """

    mean: Numbers
    axes: Numbers
    scale: Numbers
    centres: Numbers
    bank: Numbers

    def place(self, values: Numbers, own: NDArray[np.int64] | None = None) -> tuple[Numbers, ...]:
        """Return coordinates (N, count) and log distances (N, 3) of rows of values.

        The distances: what the axes leave out, to the nearest centre, and to the five nearest films
        of the bank. `own` gives each row's own place in the bank, or -1: a film is not its own
        neighbour.
        """
        centred = values - self.mean
        along = centred @ self.axes
        at = along / self.scale
        rest = np.maximum((centred**2).sum(1) - (along**2).sum(1), 0.0)
        to_centre = _squares(at, self.centres).min(1)
        to_film = _squares(at, self.bank)
        if own is not None:
            mine = np.flatnonzero(own >= 0)
            to_film[mine, own[mine]] = np.inf
        nearest = np.partition(to_film, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS].mean(1)
        return at, np.log(np.sqrt(np.stack([rest, to_centre, nearest], 1)) + 1e-6)


@dataclass(frozen=True, slots=True, eq=False)
class GateNumbers:
    """All that was fitted. `weights` (classes, inputs) and `bias` act on inputs that had `centre`
    taken off and were divided by `spread`; a film passes from `least_margin` log-odds on.
    """

    network: FilmSpace
    picture: FilmSpace
    centre: Numbers
    spread: Numbers
    weights: Numbers
    bias: Numbers
    least_margin: float

    def inputs(self, features: Numbers, pictures: Numbers) -> Numbers:
        """Put together what the linear layer reads, (N, inputs), not yet scaled."""
        return gate_inputs(self.network.place(features), self.picture, pictures)

    def scaled(self, inputs: Numbers) -> Numbers:
        """Return inputs in deviations, cut at six."""
        return np.clip((inputs - self.centre) / self.spread, -FARTHEST, FARTHEST)

    def scores(self, inputs: Numbers) -> Numbers:
        """Return log-odds of every class, (N, classes), up to a constant per row."""
        return self.scaled(inputs) @ self.weights.T + self.bias


def gate_inputs(
    placed: tuple[Numbers, ...],
    picture: FilmSpace,
    pictures: Numbers,
    own: NDArray[np.int64] | None = None,
) -> Numbers:
    """Join the network's coordinates and distances, the picture's distances and its values."""
    at, distances = placed
    return np.concatenate([distances, at, picture.place(pictures, own)[1], pictures], axis=1)


def margins(scores: Numbers) -> Numbers:
    """Return the log-odds of "film" against everything else, (N,)."""
    others = scores[:, 1:]
    top = others.max(1)
    return np.asarray(scores[:, 0] - top - np.log(np.exp(others - top[:, None]).sum(1)))


class FilmGate:
    """Refuses what does not look like a film of `spec`'s model. Safe to call from threads."""

    def __init__(self, numbers: GateNumbers, spec: InputSpec) -> None:
        self._numbers = numbers
        self._spec = spec

    @property
    def numbers(self) -> GateNumbers:
        """What was fitted."""
        return self._numbers

    @property
    def channels(self) -> int:
        """How many features the network must give."""
        return len(self._numbers.network.mean)

    def check(self, model_input: ModelInput, features: NDArray[np.float32]) -> None:
        """Return for a film; else raise `FilmRefused` with the likeliest reason.

        `features` is (channels,), of the same run as the answer.
        """
        scores = self._scores(model_input, features)
        if margins(scores)[0] >= self._numbers.least_margin:
            return
        code, message, hint = REASONS[reason(scores[0])]
        raise FilmRefused(code, message, hint=hint)

    def margin(self, model_input: ModelInput, features: NDArray[np.float32]) -> float:
        """Return by how many log-odds it passes; below 0 `check` refuses it."""
        scores = self._scores(model_input, features)
        return float(margins(scores)[0] - self._numbers.least_margin)

    def _scores(self, model_input: ModelInput, features: NDArray[np.float32]) -> Numbers:
        seen = picture_values(grey_of(model_input.tensor, self._spec))
        inputs = self._numbers.inputs(features[None].astype(np.float64), seen)
        return self._numbers.scores(inputs)


def reason(scores: Numbers) -> str:
    """Name the class other than "film", or "other" where none stands out."""
    others = scores[1:]
    shares = np.exp(others - others.max())
    shares = shares / shares.sum()
    best = int(shares.argmax())
    return CLASSES[1 + best] if shares[best] >= CLEAR_REASON else "other"


def grey_of(tensor: NDArray[np.float32], spec: InputSpec) -> NDArray[np.float32]:
    """Undo the normalisation: (N, 3, H, W) to grey (N, H, W), 0..1."""
    return np.asarray(tensor[:, 0] * spec.std[0] + spec.mean[0], dtype=np.float32)


def picture_values(grey: NDArray[np.float32]) -> Numbers:
    """Describe pictures (N, H, W) of 0..1 by 265 numbers each; H and W are multiples of 16.

    The mean grey of 16 x 16 cells, row by row, then: mean, deviation, mean step to the right and
    downwards, share of black and of white, likeness of left and right, deviation of the cells, and
    the logarithm of the steps.
    """
    number, height, width = grey.shape
    blocks = grey.reshape(number, CELLS, height // CELLS, CELLS, width // CELLS)
    cells = blocks.mean((2, 4), dtype=np.float64)
    right = np.abs(np.diff(grey, axis=2)).mean((1, 2), dtype=np.float64)
    down = np.abs(np.diff(grey, axis=1)).mean((1, 2), dtype=np.float64)
    flat = cells.reshape(number, -1)
    facts = (
        grey.mean((1, 2), dtype=np.float64),
        grey.std((1, 2), dtype=np.float64),
        right,
        down,
        (grey < 0.02).mean((1, 2)),
        (grey > 0.98).mean((1, 2)),
        _likeness(flat, cells[:, :, ::-1].reshape(number, -1)),
        flat.std(1),
        np.log(right + down + 1e-3),
    )
    return np.concatenate([flat, np.stack(facts, 1)], axis=1)


def _likeness(one: Numbers, other: Numbers) -> Numbers:
    """Return the correlation of rows; 0 for even ones."""
    one, other = (v - v.mean(1, keepdims=True) for v in (one, other))
    size = np.sqrt((one**2).sum(1) * (other**2).sum(1))
    return np.asarray((one * other).sum(1) / np.maximum(size, 1e-6), dtype=np.float64)


def _squares(rows: Numbers, others: Numbers) -> Numbers:
    """Return squared distances, (rows, others)."""
    both = (rows**2).sum(1)[:, None] + (others**2).sum(1)[None]
    return np.asarray(np.maximum(both - 2.0 * rows @ others.T, 0.0), dtype=np.float64)
