"""One film, one answer: the window, a batch and the command line say the same of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop import bootstrap
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.assessment import Assessment
from cxr_desktop.domain.history import ExamView, HistoryQuery
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.roles import Actor
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference import fast_mode
from cxr_desktop.inference.fast_mode import FastClassifier
from cxr_desktop.wiring.films_at_once import in_a_long_run
from tests.support.film_files import dicom, encoded

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "seven calm lanterns walk"
AGREE = 1e-4
Ward = tuple[Program, Actor]


def opened(data: Path) -> Ward:
    program = bootstrap.build(data, device="cpu")
    return program, program.access.create_first_administrator("ada", "", PASSWORD)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("films")
    made = []
    for seed in range(2):
        chest = draw_chest(600, 500, seed=seed, opacity=bool(seed))
        stored = (chest * 4095).astype(np.uint16)
        made += [folder / f"{seed}.dcm", folder / f"{seed}.png"]
        made[-2].write_bytes(dicom(stored))
        made[-1].write_bytes(encoded(".png", stored))
    return made


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    made = opened(tmp_path / "ward")
    yield made
    made[0].close()


def answer(exam: ExamView | None) -> Assessment:
    assert exam is not None
    assert exam.assessment is not None
    return exam.assessment


def looked_at(ward: Ward, film: Path) -> Assessment:
    """Open a film, look at it, press Run."""
    program, actor = ward
    shown = program.classify.open(actor, film, NoProgress())
    ready = program.classify.get_ready(actor, shown, NoProgress())
    return answer(program.classify.run(actor, shown, NoProgress(), ready=ready))


def test_window_batch_and_command_line_agree(ward: Ward, films: list[Path]) -> None:
    program, actor = ward
    with in_a_long_run(program.engine) as mapper:
        outcomes = program.classify_many(actor, films, mapper, NoProgress(), again=True)
        batch = [answer(outcome.result) for outcome in outcomes]
    words = [sys.executable, "-m", "cxr_desktop", "classify", *map(str, films), "--json"]
    told = subprocess.run(words, cwd=ROOT, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    for film, in_batch, line in zip(films, batch, lines, strict=True):
        window = looked_at(ward, film)
        at_once = answer(program.classify(actor, film, NoProgress()))
        probabilities = [
            window.probability, at_once.probability, in_batch.probability, line["probability"],
        ]  # fmt: skip
        assert max(probabilities) - min(probabilities) <= AGREE, film.name
        assert {window.verdict, at_once.verdict, in_batch.verdict} == {line["verdict"]}
        assert window.heat_map is not None
        assert in_batch.heat_map is not None
        assert np.abs(window.heat_map.values - in_batch.heat_map.values).max() <= 1e-3


@pytest.mark.slow
def test_the_fast_mode_stays_within_its_bound_and_is_stored_as_what_it_was(
    ward: Ward, films: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_mode, "LEAST_GAIN", 0.0)  # a busy machine says nothing of speed
    data = tmp_path / "fast"
    data.mkdir()
    (data / "settings.toml").write_text('[model]\nfast = "auto"\n', encoding="utf-8")
    program, actor = fast = opened(data)
    try:
        classifier = program.engine.assess.classifier()
        if not isinstance(classifier, FastClassifier):
            pytest.skip(f"not here: {classifier.notice}")
        for film in films:
            quick, exact = looked_at(fast, film), looked_at(ward, film)
            assert abs(quick.probability - exact.probability) <= fast_mode.MOST_CHANGE
            assert quick.verdict == exact.verdict
            assert quick.device in {"CPU, bfloat16", "CPU"}
            if quick.device == "CPU":
                assert abs(quick.probability - exact.probability) <= AGREE
        stored = program.history.open(
            actor, program.history.search(actor, HistoryQuery()).rows[0].exam_id
        )
        assert answer(stored).device == quick.device
    finally:
        program.close()
