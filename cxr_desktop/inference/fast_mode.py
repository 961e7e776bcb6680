"""The fast mode: 16-bit numbers where a test on this computer shows them quicker and as good.

On the processor that is bfloat16 (OpenVINO), on a graphics card float16.

The verdict stays that of fp32: a film whose fast answer lies close to a cut, or that the fast
answer's gate would refuse or nearly so, is run again in fp32, and that answer is the film's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import Assessment, ModelRef, OperatingPoints
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.domain.ports import Preparer
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.inference.card_network import CardNetwork
from cxr_desktop.inference.fast_network import FastNetwork, NoFastMode
from cxr_desktop.inference.golden import read_golden_film
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import Pack
from cxr_desktop.inference.session import physical_cores

LEAST_GAIN = 1.5
MOST_CHANGE = 0.01  # of the probability, on every test film; of 990 films one changed by more
CLOSE = 0.02  # to a cut: the film is run again in fp32; 990 films changed by 0.0150 at most
CLOSE_MARGIN = 0.25  # to the gate's limit, in log-odds; it changed by 0.10 at most
TURNS = 7

OwnPoints = Callable[[ModelRef], OperatingPoints | None]


class QuickNetwork(Protocol):
    """The model in another arithmetic, which it names; for one thread at a time."""

    arithmetic: str

    def run(self, tensor: NDArray[np.float32], /) -> NetworkAnswer:
        """Run one film, (1, 3, H, W), as it is prepared. Raises `ModelUnavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class FastMode:
    """Whether it is wanted, the films it is tried on, and the hospital's own cuts."""

    is_wanted: Callable[[], bool]
    films: Callable[[], Sequence[Radiograph]]
    own_points: OwnPoints

    def of(
        self, exact: OnnxClassifier, pack: Pack, prepare: Preparer, threads: int
    ) -> FastClassifier:
        """Load a pack once more and try it. Raises `NoFastMode`."""
        golden = pack.manifest.golden
        films = [] if golden is None else [read_golden_film(pack.folder / golden.film)]
        inputs = [prepare(film, exact.input_spec) for film in (*films, *self.films())]
        try:
            fast = _network(exact, pack, threads)
            return tried(exact, fast, inputs, self.own_points)
        except ModelUnavailable as error:
            raise NoFastMode("The fast mode is not used: it failed on a test film.") from error


def _network(exact: OnnxClassifier, pack: Pack, threads: int) -> QuickNetwork:
    content, labels = pack.model_bytes(), len(pack.manifest.labels)
    if exact.device == "CPU":
        return FastNetwork(content, exact.ports, labels, threads or physical_cores())
    spec = exact.input_spec
    return CardNetwork(content, exact.ports, labels, (1, 3, spec.height, spec.width), exact.device)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the test on this computer showed."""

    gain: float
    change: float
    films: int

    @property
    def sentence(self) -> str:
        """Say it."""
        return (
            f"Fast mode: {self.gain:.1f} times as quick, P(abnormal) within {self.change:.4f} "
            f"on {self.films} test films."
        )


class FastClassifier:
    """A `Classifier` that answers in 16 bits, and in fp32 where that may make a difference."""

    def __init__(
        self, exact: OnnxClassifier, fast: QuickNetwork, proof: Proof, own_points: OwnPoints
    ) -> None:
        self.exact = exact
        self.proof = proof
        self._fast = fast
        self._own_points = own_points
        self._lock = Lock()  # one network at a time: together they would take twice the cores

    @property
    def model(self) -> ModelRef:
        """Which model this is."""
        return self.exact.model

    @property
    def input_spec(self) -> InputSpec:
        """How films must be prepared for it."""
        return self.exact.input_spec

    @property
    def device(self) -> str:
        """What answers most films."""
        return f"{self.exact.device}, {self._fast.arithmetic}"

    @property
    def notice(self) -> str:
        """A sentence when the wish for a device could not be met; else empty."""
        return self.exact.notice

    def assess(self, model_input: ModelInput) -> Assessment:
        """Run the network once, or a second time in fp32; raises as `OnnxClassifier.assess`."""
        with self._lock:
            begun = time.perf_counter()
            quick = self._quick(model_input)
            answer = quick or self.exact.run(model_input.tensor)
            milliseconds = (time.perf_counter() - begun) * 1000
        device = self.exact.device if quick is None else self.device
        return self.exact.assessment(
            model_input, answer, milliseconds, device, passed=quick is not None
        )

    def _quick(self, model_input: ModelInput) -> NetworkAnswer | None:
        """Return the answer in 16 bits; None where it may make a difference, or is no number."""
        try:
            answer = self._fast.run(model_input.tensor)
        except ModelUnavailable:
            return None
        if self.exact.gate_margin(model_input, answer) < CLOSE_MARGIN:
            return None
        return None if self._is_close(self.exact.probability(answer.logits)) else answer

    def _is_close(self, probability: float) -> bool:
        points = [self.exact.points, self._own_points(self.model)]
        cuts = [cut for p in points if p is not None for cut in (p.normal_below, p.abnormal_from)]
        return any(abs(probability - cut) <= CLOSE for cut in cuts)


def tried(
    exact: OnnxClassifier, fast: QuickNetwork, films: Sequence[ModelInput], own_points: OwnPoints
) -> FastClassifier:
    """Run test films both ways. Raises `NoFastMode` where it is no good, or not worth it."""
    change = max(
        abs(exact.probability(exact.run(film.tensor).logits) - exact.probability(quick.logits))
        for film in films
        for quick in [fast.run(film.tensor)]
    )
    if change > MOST_CHANGE:
        raise NoFastMode("The fast mode is not used: its answers differ too much here.")
    gain = _gain(exact, fast, films[0])
    if gain < LEAST_GAIN:
        raise NoFastMode("The fast mode is not used: it is hardly quicker on this processor.")
    return FastClassifier(exact, fast, Proof(gain, change, len(films)), own_points)


def _gain(exact: OnnxClassifier, fast: QuickNetwork, film: ModelInput) -> float:
    """Return how many times quicker it is, by the best of some turns: others may be computing."""
    taken: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(TURNS):
        for is_fast, run in ((False, exact.run), (True, fast.run)):
            begun = time.perf_counter()
            run(film.tensor)
            taken[is_fast].append(time.perf_counter() - begun)
    return min(taken[False]) / min(taken[True])
