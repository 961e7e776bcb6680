"""Several films in one run of a network, and several runs of one session at once.

A network's weights pass through the processor's caches once for all films of a run. And when as
many films are in work as there are cores, a run is best left to one thread: none waits for another
at the end of each layer. Of two cores' time a film takes 10.9 ms alone in two threads, 8.9 there
with three others, 7.6 in one thread. What it is told is the same; the numbers differ by what the
order of adding does to the last bits.
"""

from __future__ import annotations

import time
from itertools import zip_longest
from threading import Condition

import numpy as np

from cxr_desktop.domain.assessment import Assessment, ModelRef
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import InputSpec, ModelInput
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier

SAME = 1e-4  # in logits, of which a probability changes by a quarter at most
MOST = 4
"""Films in one go, where all cores share a run: eight would gain 2 % more, and be waited for twice
as long."""
MOST_OF_A_CORE = 2
"""Films in one go of one thread: four would gain nothing, and take more memory."""


class _Waiting:
    """A film, whether somebody runs it, and what became of it."""

    __slots__ = ("answer", "failure", "film", "is_taken", "milliseconds")

    def __init__(self, film: ModelInput) -> None:
        self.film = film
        self.is_taken = False
        self.answer: NetworkAnswer | None = None
        self.failure: Exception | None = None
        self.milliseconds = 0.0

    @property
    def is_done(self) -> bool:
        return self.answer is not None or self.failure is not None


class Together:
    """A `Classifier` for several threads: whoever finds the model free runs those that wait.

    `at_once` is how many may run it at the same moment.
    """

    def __init__(self, one: OnnxClassifier, at_once: int = 1) -> None:
        self.one = one
        self.at_once = at_once
        self._most = MOST if at_once == 1 else MOST_OF_A_CORE
        self._changed = Condition()
        self._running = 0
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
        with self._changed:
            self._waiting.append(mine)
        while films := self._next_run(mine):
            self._run(films)
        if mine.failure is not None:
            raise mine.failure
        assert mine.answer is not None
        return self.one.assessment(model_input, mine.answer, mine.milliseconds, self.device)

    def _next_run(self, mine: _Waiting) -> list[_Waiting]:
        """Wait for a run to be begun: of those that have waited longest; none when mine is done."""
        with self._changed:
            self._changed.wait_for(
                lambda: mine.is_done or (not mine.is_taken and self._running < self.at_once)
            )
            if mine.is_done:
                return []
            films, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            for film in films:
                film.is_taken = True
            self._running += 1
            return films

    def _run(self, films: list[_Waiting]) -> None:
        begun = time.perf_counter()
        answers: list[NetworkAnswer] = []
        failure: Exception | None = None
        try:
            answers = self.one.run_all([film.film.tensor for film in films])
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait, one of them here
            failure = error
        milliseconds = (time.perf_counter() - begun) * 1000 / len(films)
        with self._changed:
            for film, answer in zip_longest(films, answers):
                film.milliseconds, film.answer, film.failure = milliseconds, answer, failure
            self._running -= 1
            self._changed.notify_all()


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
