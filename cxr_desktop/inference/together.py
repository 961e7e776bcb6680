"""Films that wait for the model at the same moment are run in one go.

A network's weights pass through the processor's caches once for all of them, and its threads meet
once a layer instead of once a layer and film: of two cores' time a film takes 73 ms alone and 63 ms
among four. What it is told is the same; the numbers differ by what the order of adding does to the
last bits.
"""

from __future__ import annotations

import time
from threading import Lock

import numpy as np

from cxr_desktop.domain.assessment import Assessment, ModelRef
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.domain.ports import Classifier, ClassifierSource
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier

SAME = 1e-4  # in logits, of which a probability changes by a quarter at most
MOST = 4
"""Films in one go: eight would gain 2 % more, and be waited for twice as long."""


class _Waiting:
    """A film, and what became of it."""

    __slots__ = ("answer", "failure", "film", "milliseconds")

    def __init__(self, film: ModelInput) -> None:
        self.film = film
        self.answer: NetworkAnswer | None = None
        self.failure: Exception | None = None
        self.milliseconds = 0.0

    @property
    def is_done(self) -> bool:
        return self.answer is not None or self.failure is not None


class Together:
    """A `Classifier` for several threads: whoever finds the model free runs all that wait."""

    def __init__(self, one: OnnxClassifier) -> None:
        self.one = one
        self._model = Lock()
        self._line = Lock()
        self._waiting: list[_Waiting] = []

    @property
    def model(self) -> ModelRef:
        """Which model this is."""
        return self.one.model

    @property
    def input_spec(self) -> InputSpec:
        """How films must be prepared for it."""
        return self.one.input_spec

    @property
    def device(self) -> str:
        """What the session runs on."""
        return self.one.device

    @property
    def notice(self) -> str:
        """A sentence when the wish for a device could not be met; else empty."""
        return self.one.notice

    def assess(self, model_input: ModelInput) -> Assessment:
        """Run the network, with others' films or alone; raises as `OnnxClassifier.assess`.

        A film's time is its share of that of all.
        """
        mine = _Waiting(model_input)
        with self._line:
            self._waiting.append(mine)
        while not mine.is_done:
            with self._model:
                if not mine.is_done:
                    self._run_next()
        if mine.failure is not None:
            raise mine.failure
        assert mine.answer is not None
        return self.one.assessment(model_input, mine.answer, mine.milliseconds, self.device)

    def _run_next(self) -> None:
        """Run those that have waited longest."""
        with self._line:
            films, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        begun = time.perf_counter()
        try:
            answers = self.one.run_all([film.film.tensor for film in films])
        except Exception as failure:  # noqa: BLE001 - it belongs to those who wait, one of them here
            for film in films:
                film.failure = failure
            return
        milliseconds = (time.perf_counter() - begun) * 1000 / len(films)
        for film, answer in zip(films, answers, strict=True):
            film.milliseconds, film.answer = milliseconds, answer


class TogetherSource:
    """A `ClassifierSource` that gives the classifier of another one for many films at once.

    One film at a time, as ever, is taken by what answers in bfloat16, and by a network that gives
    two films another answer than each of them.
    """

    def __init__(self, source: ClassifierSource) -> None:
        self._source = source
        self._lock = Lock()
        self._made: tuple[Classifier, Classifier] | None = None

    def get(self) -> Classifier:
        """Return it. Raises `ModelUnavailable`."""
        one = self._source.get()
        with self._lock:
            if self._made is None or self._made[0] is not one:
                fits = isinstance(one, OnnxClassifier) and answers_together(one)
                self._made = (one, Together(one) if fits else one)  # type: ignore[arg-type]  # as asked
            return self._made[1]


def answers_together(one: OnnxClassifier) -> bool:
    """Try whether two pictures get the same answer in one go as each alone."""
    if not one.takes_several:
        return False
    spec = one.input_spec
    greys = np.random.default_rng(1).normal(size=(2, 1, 3, spec.height, spec.width))
    pictures = list(greys.astype(np.float32))
    alone = [one.logits(picture) for picture in pictures]
    try:
        both = one.run_all(pictures)
    except ModelUnavailable:
        return False  # a file that says so, and has a layer for one film only
    return all(
        bool(np.allclose(mine, answer.logits, atol=SAME, rtol=0))
        for mine, answer in zip(alone, both, strict=True)
    )
