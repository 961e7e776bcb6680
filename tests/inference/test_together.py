"""Films that wait at the same moment are run in one go, and get what each would get alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain import ports
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import FilmRegion, ModelInput
from cxr_desktop.inference.manifest_file import read_manifest
from cxr_desktop.inference.network import NetworkAnswer
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.together import (
    MOST,
    MOST_OF_A_CORE,
    Together,
    answers_together,
)
from tests.support.packs import SIDE, make_pack

FILMS = [
    ModelInput(np.full((1, 3, SIDE, SIDE), grey, dtype=np.float32), FilmRegion(0, 0, 9, 9))
    for grey in np.linspace(-1, 1, 11)
]


class Counting(OnnxClassifier):
    """Notes how many films each run was of; the first one waits for `go_on`."""

    runs: list[int]
    go_on: Event
    begun: Event
    fails: bool = False

    def run_all(self, tensors: Sequence[NDArray[np.float32]]) -> list[NetworkAnswer]:
        self.runs.append(len(tensors))
        self.begun.set()
        assert self.go_on.wait(20)
        if self.fails:
            raise ModelUnavailable("broken")
        return super().run_all(tensors)


@pytest.fixture
def counting(tmp_path: Path) -> Counting:
    pack = make_pack(tmp_path)
    made = Counting(
        read_manifest(pack / "manifest.toml"), (pack / "model.onnx").read_bytes(), "cpu"
    )
    made.runs, made.go_on, made.begun = [], Event(), Event()
    return made


def test_films_that_wait_share_a_run_and_get_their_own_answers(counting: Counting) -> None:
    together: ports.Classifier = Together(counting)
    with ThreadPoolExecutor(len(FILMS)) as pool:
        first = pool.submit(together.assess, FILMS[0])
        assert counting.begun.wait(20)
        rest = [pool.submit(together.assess, film) for film in FILMS[1:]]
        while len(together._waiting) < len(rest):  # type: ignore[attr-defined] # until all wait
            pass
        counting.go_on.set()
        answers = [future.result(20) for future in (first, *rest)]
    assert counting.runs == [1, MOST, MOST, 2]
    for film, answer in zip(FILMS, answers, strict=True):
        alone = counting.assess(film)
        assert answer.probability == pytest.approx(alone.probability, abs=1e-6)
        assert answer.verdict is alone.verdict
        assert answer.heat_map is not None
        assert alone.heat_map is not None
        np.testing.assert_allclose(answer.heat_map.values, alone.heat_map.values, atol=1e-5)


def test_a_model_that_fails_tells_everybody_who_waited(counting: Counting) -> None:
    counting.fails = True
    together = Together(counting)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(together.assess, film) for film in FILMS[:3]]
        counting.go_on.set()
        for future in asked:
            with pytest.raises(ModelUnavailable, match="broken"):
                future.result(20)
    assert together._waiting == []


def test_as_many_runs_as_it_is_told_go_on_at_the_same_moment(counting: Counting) -> None:
    together = Together(counting, at_once=2)
    with ThreadPoolExecutor(len(FILMS)) as pool:
        asked = [pool.submit(together.assess, FILMS[0])]
        assert counting.begun.wait(20)
        counting.begun.clear()
        asked.append(pool.submit(together.assess, FILMS[1]))
        assert counting.begun.wait(20)  # while the first is still at it
        asked += [pool.submit(together.assess, film) for film in FILMS[2:]]
        while len(together._waiting) < len(FILMS) - 2:  # until all wait
            pass
        assert counting.runs == [1, 1]
        counting.go_on.set()
        answers = [future.result(20) for future in asked]
    assert counting.runs == [1, 1, *[MOST_OF_A_CORE] * 4, 1]
    for film, answer in zip(FILMS, answers, strict=True):
        assert answer.probability == pytest.approx(counting.assess(film).probability, abs=1e-6)


class Mixing(Counting):
    """Gives each film of several the answer of the first."""

    def run_all(self, tensors: Sequence[NDArray[np.float32]]) -> list[NetworkAnswer]:
        return [super().run_all(tensors)[0]] * len(tensors)


class ForOne(Counting):
    """Says that it takes several and does not."""

    def run_all(self, tensors: Sequence[NDArray[np.float32]]) -> list[NetworkAnswer]:
        raise ModelUnavailable("The model failed on this film.")


@pytest.mark.parametrize("kind", [Mixing, ForOne])
def test_a_network_that_mixes_films_up_is_found_out(
    counting: Counting, kind: type[Counting]
) -> None:
    counting.__class__ = kind
    counting.go_on.set()
    assert not answers_together(counting)
