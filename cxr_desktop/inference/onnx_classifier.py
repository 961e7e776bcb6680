"""Runs one model: model input to assessment."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import (
    ABNORMAL,
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Timings,
)
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.inference.class_activation import CAM_OUTPUT, with_class_activation
from cxr_desktop.inference.contract import Ports, check_contract
from cxr_desktop.inference.film_gate import FilmGate
from cxr_desktop.inference.lean_graph import without_zeros
from cxr_desktop.inference.manifest import Manifest
from cxr_desktop.inference.network import NetworkAnswer, answer_of, softmax
from cxr_desktop.inference.session import model_errors, open_session


class OnnxClassifier:
    """One loaded model; implements the domain's `Classifier`. Safe to call from several threads.

    `device` is the wish ("auto", "cpu", "cuda"); the property `device` is what came of it. `gate`
    refuses films by the network's features; without one every film is answered. `threads` compute
    at once, 0 stands for the physical cores. `whole` multiplies also what is multiplied by zero
    (`lean_graph`), for comparison. Raises `ModelUnavailable` when the bytes are no network that
    fits the manifest, or the gate.
    """

    def __init__(
        self,
        manifest: Manifest,
        model_bytes: bytes,
        device: str = "auto",
        clock: Callable[[], float] = time.perf_counter,
        gate: FilmGate | None = None,
        *,
        threads: int = 0,
        whole: bool = False,
    ) -> None:
        self._manifest = manifest
        self._gate = gate
        self._clock = clock
        content = model_bytes if whole else without_zeros(model_bytes)
        opened = open_session(content, device, threads)
        if not any(output.name == CAM_OUTPUT for output in opened.session.get_outputs()):
            # A third-party file. The edit also frees a batch that was fixed to many films. It is
            # not kept on disk, where nothing would vouch for it: the manifest's hash is of the
            # original.
            edited = with_class_activation(content)
            if edited is not None:
                opened = open_session(edited, device, threads)
        ports = check_contract(opened.session, manifest)
        if gate is not None and not ports.features:
            raise _gate_misfit()
        self._opened = opened
        self._notice = opened.notice
        self._ports = ports

    @property
    def model(self) -> ModelRef:
        """Which model this is."""
        return self._manifest.ref

    @property
    def input_spec(self) -> InputSpec:
        """How films must be prepared for it."""
        return self._manifest.input

    @property
    def points(self) -> OperatingPoints:
        """The model's own cuts."""
        return self._manifest.points

    @property
    def ports(self) -> Ports:
        """Names of the network's input and outputs."""
        return self._ports

    @property
    def device(self) -> str:
        """What the session really runs on: "CPU" or "CUDA"."""
        return self._opened.device

    @property
    def notice(self) -> str:
        """A sentence when the wish for a device could not be met; else empty."""
        return self._notice

    def add_notice(self, sentence: str) -> None:
        """Add a sentence about a wish that could not be met."""
        self._notice = f"{self._notice} {sentence}".strip()

    def warm_up(self) -> None:
        """Run once on an empty film: the first run is slower. Raises `ModelUnavailable`."""
        spec = self.input_spec
        answer = self.run(np.zeros((1, 3, spec.height, spec.width), dtype=np.float32))
        wanted = None if self._gate is None else (self._gate.channels,)
        if wanted and (answer.features is None or answer.features.shape != wanted):
            raise _gate_misfit()

    def logits(self, tensor: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the network's answer, float64 (labels,). Raises `ModelUnavailable`."""
        return self.run(tensor).logits

    def assess(self, model_input: ModelInput) -> Assessment:
        """Run the network once.

        Raises `FilmRefused` when the model's own gate says that this is no film for it, and
        `ModelUnavailable` when the network cannot run, or answers no number.
        """
        start = self._clock()
        answer = self.run(model_input.tensor)
        milliseconds = (self._clock() - start) * 1000
        return self.assessment(model_input, answer, milliseconds, self.device)

    def assessment(
        self,
        model_input: ModelInput,
        answer: NetworkAnswer,
        milliseconds: float,
        device: str,
        *,
        passed: bool = False,
    ) -> Assessment:
        """Make of a network's answer what is told; raises as `assess` does.

        `passed`: the gate let it through already.
        """
        if self._gate is not None and answer.features is not None and not passed:
            self._gate.check(model_input, answer.features)
        logits, cam = answer.logits, answer.cam
        shares = softmax(logits)
        probability = self.probability(logits)
        abnormal = list(self._manifest.abnormal_indices)
        heat_map = None if cam is None else heat_map_of(logits, cam, abnormal, model_input.region)
        return Assessment(
            model=self.model,
            scores=self._scores(shares, probability),
            verdict=self.points.verdict(probability),
            points=self.points,
            device=device,
            heat_map=heat_map,
            meaning=self._manifest.sentence(probability),
            timings=Timings(infer=milliseconds),
        )

    def probability(self, logits: NDArray[np.float64]) -> float:
        """Return P(abnormal)."""
        shares = softmax(logits)[list(self._manifest.abnormal_indices)]
        return float(np.clip(shares.sum(), 0.0, 1.0))

    def gate_margin(self, model_input: ModelInput, answer: NetworkAnswer) -> float:
        """Return by how many log-odds the model's gate lets a film pass; without one infinite."""
        if self._gate is None or answer.features is None:
            return math.inf
        return self._gate.margin(model_input, answer.features)

    def run(self, tensor: NDArray[np.float32]) -> NetworkAnswer:
        """Run one film, (1, 3, H, W), as it is prepared. Raises `ModelUnavailable`."""
        return answer_of(self._outputs(tensor), self._ports, len(self._manifest.labels))

    @property
    def takes_several(self) -> bool:
        """Whether the file says that it runs more than one film at a time."""
        return not isinstance(self._opened.session.get_inputs()[0].shape[0], int)

    def run_all(self, tensors: Sequence[NDArray[np.float32]]) -> list[NetworkAnswer]:
        """Run several films in one go; raises as `run`, for all of them."""
        labels = len(self._manifest.labels)
        given = self._outputs(np.concatenate(tensors))
        of_each = ({name: given[name][[n]] for name in given} for n in range(len(tensors)))
        return [answer_of(outputs, self._ports, labels) for outputs in of_each]

    def _outputs(self, films: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        names = self._ports.outputs
        with model_errors("The model failed on this film."):
            outputs = self._opened.session.run(names, {self._ports.input: films})
        return dict(zip(names, outputs, strict=True))

    def _scores(self, shares: NDArray[np.float64], probability: float) -> tuple[LabelScore, ...]:
        """Name the scores, in the model's order; the one label that means abnormal is called so.

        With several abnormal labels, `abnormal` (their sum) comes first and all follow by name.
        """
        abnormal = self._manifest.abnormal_labels
        total = LabelScore(ABNORMAL, probability)
        named = [
            total if abnormal == (label,) else LabelScore(label, float(share))
            for label, share in zip(self._manifest.labels, shares, strict=True)
        ]
        if total not in named:
            named = [total, *(score for score in named if score.label != ABNORMAL)]
        return tuple(named)


def _gate_misfit() -> ModelUnavailable:
    return ModelUnavailable(
        "The model does not give the features by which it must refuse what is no chest film.",
        hint="Import the model pack again from its source.",
    )


def heat_map_of(
    logits: NDArray[np.float64],
    cam: NDArray[np.float32],
    abnormal: list[int],
    region: FilmRegion,
) -> HeatMap:
    """Return what each cell adds to the log-odds of abnormal, in logits.

    With two labels this is exact: the mean over all cells of ``cam[abnormal] - cam[normal]``, plus
    the difference of the biases, is the log-odds, so P(abnormal) is the logistic function of it.
    With more labels each side is the mean of its maps weighted by their softmax inside that side,
    which is the gradient of the log-odds and exact to first order.
    """
    others = [index for index in range(len(logits)) if index not in abnormal]
    raising = np.tensordot(softmax(logits[abnormal]), cam[abnormal], axes=1)
    lowering = np.tensordot(softmax(logits[others]), cam[others], axes=1)
    return HeatMap(np.ascontiguousarray(raising - lowering, dtype=np.float32), region)
