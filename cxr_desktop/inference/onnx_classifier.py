"""Runs one model: model input to assessment."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import (
    ABNORMAL,
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    Timings,
)
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.inference.class_activation import CAM_OUTPUT, with_class_activation
from cxr_desktop.inference.contract import check_contract
from cxr_desktop.inference.manifest import Manifest
from cxr_desktop.inference.session import model_errors, open_session


class OnnxClassifier:
    """One loaded model; implements the domain's `Classifier`. Safe to call from several threads.

    `device` is the wish ("auto", "cpu", "cuda"); the property `device` is what came of it. Raises
    `ModelUnavailable` when the bytes are no network that fits the manifest.
    """

    def __init__(
        self,
        manifest: Manifest,
        model_bytes: bytes,
        device: str = "auto",
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._manifest = manifest
        self._clock = clock
        opened = open_session(model_bytes, device)
        if not any(output.name == CAM_OUTPUT for output in opened.session.get_outputs()):
            # A third-party file. The edit also frees a batch that was fixed to many films. It is
            # not kept on disk, where nothing would vouch for it: the manifest's hash is of the
            # original.
            edited = with_class_activation(model_bytes)
            if edited is not None:
                opened = open_session(edited, device)
        ports = check_contract(opened.session, manifest)
        self._opened = opened
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
    def device(self) -> str:
        """What the session really runs on: "CPU" or "CUDA"."""
        return self._opened.device

    @property
    def notice(self) -> str:
        """A sentence when the wish for a device could not be met; else empty."""
        return self._opened.notice

    def warm_up(self) -> None:
        """Run once on an empty film: the first run is slower. Raises `ModelUnavailable`."""
        spec = self.input_spec
        self.logits(np.zeros((1, 3, spec.height, spec.width), dtype=np.float32))

    def logits(self, tensor: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the network's answer, float64 (labels,). Raises `ModelUnavailable`."""
        return self.run(tensor)[0]

    def assess(self, model_input: ModelInput) -> Assessment:
        """Run the network once. Raises `ModelUnavailable` when it cannot, or answers no number."""
        start = self._clock()
        logits, cam = self.run(model_input.tensor)
        milliseconds = (self._clock() - start) * 1000
        shares = softmax(logits)
        abnormal = list(self._manifest.abnormal_indices)
        probability = float(np.clip(shares[abnormal].sum(), 0.0, 1.0))
        heat_map = None if cam is None else heat_map_of(logits, cam, abnormal, model_input.region)
        return Assessment(
            model=self.model,
            scores=self._scores(shares, probability),
            verdict=self._manifest.points.verdict(probability),
            points=self._manifest.points,
            device=self.device,
            heat_map=heat_map,
            meaning=self._manifest.sentence(probability),
            timings=Timings(infer=milliseconds),
        )

    def run(
        self, tensor: NDArray[np.float32]
    ) -> tuple[NDArray[np.float64], NDArray[np.float32] | None]:
        """Return logits (labels,) and maps (labels, h, w) or None. Raises `ModelUnavailable`."""
        names = [name for name in (self._ports.logits, self._ports.cam) if name]
        with model_errors("The model failed on this film."):
            outputs = self._opened.session.run(names, {self._ports.input: tensor})
        logits = np.asarray(outputs[0], dtype=np.float64).reshape(-1)
        cam = np.asarray(outputs[1], dtype=np.float32)[0] if self._ports.cam else None
        sound = np.isfinite(logits).all() and (cam is None or np.isfinite(cam).all())
        if not sound or len(logits) != len(self._manifest.labels):
            raise ModelUnavailable(
                "The model gave no usable number for this film.",
                hint="Choose another model in Admin, Models, and report this film's file type.",
            )
        return logits, cam

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


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities, summing to 1; the network itself answers logits."""
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


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
