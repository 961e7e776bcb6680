"""What a worker of another computer does with the films that come to it."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop import __version__
from cxr_desktop.distributed.orders import FilmOrder
from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, RefusalCode
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.wiring.cluster import Wanted, WorkerEngine
from cxr_desktop.wiring.engine import build_engine
from tests.support.film_files import encoded
from tests.support.packs import make_pack


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    make_pack(tmp_path / "packs", "tiny")
    (pack,) = ModelCatalog(tmp_path / "packs", tmp_path / "own").packs()
    return Wanted(__version__, pack.ref, tmp_path / "own", tmp_path / "packs")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.png"
    path.write_bytes(encoded(".png", (draw_chest(256, 224) * 200).astype("uint8")))
    return path


@pytest.fixture
def worker(wanted: Wanted) -> Iterator[WorkerEngine]:
    made = WorkerEngine(wanted)
    yield made
    made.close()


def test_a_film_by_path_and_by_bytes_gets_the_answer_that_it_gets_here(
    worker: WorkerEngine, wanted: Wanted, film: Path
) -> None:
    by_path, by_bytes = (
        worker(FilmOrder(film)),
        worker(FilmOrder(Path("film.png"), film.read_bytes())),
    )
    here = build_engine(own_models=wanted.own_models, device=lambda: "cpu",
                        built_in_models=wanted.built_in_models)  # fmt: skip
    alone = here.assess(film, NoProgress()).assessment
    here.close()
    for one in (by_path, by_bytes):
        assert one.film.sha256 == by_path.film.sha256
        assert one.assessment.probability == pytest.approx(alone.probability, abs=1e-4)
        assert one.thumbnail


def test_a_worker_with_another_version_or_model_answers_nothing(wanted: Wanted, film: Path) -> None:
    for other in (
        replace(wanted, program_version="0.0.1"),
        replace(wanted, model=replace(wanted.model, sha256="1" * 64)),
        replace(wanted, model=replace(wanted.model, id="unknown")),
    ):
        worker = WorkerEngine(other)
        with pytest.raises(ModelUnavailable):
            worker(FilmOrder(film))
        worker.close()


def test_a_refusal_comes_back_as_it_was_said(worker: WorkerEngine, tmp_path: Path) -> None:
    with pytest.raises(FilmRefused) as caught:
        worker(FilmOrder(tmp_path / "none.png", b"words"))
    there = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert (there.refusal, str(there)) == (RefusalCode.UNSUPPORTED_FORMAT, str(caught.value))


def test_a_worker_is_sent_without_what_it_opened(wanted: Wanted) -> None:
    assert pickle.loads(pickle.dumps(wanted)) == wanted  # noqa: S301 - our own
