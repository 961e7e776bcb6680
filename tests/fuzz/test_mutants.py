"""1,000 fresh damaged films per test run: each is a film or a stated refusal, and nothing dies."""

from __future__ import annotations

import multiprocessing
import os
import random
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import dcmread

from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.dicom_stream import NATIVE, PLUGINS
from cxr_desktop.imaging.registry import read_image
from tests.fuzz.campaign import CAP_MIB, LATENESS_S, MOST_S, Campaign, mutant, run_by_itself
from tests.fuzz.mutators import MUTATORS, mutate
from tests.fuzz.seeds import REFUSED, SEEDS, make_seeds

COUNT = 1000
SEED_VARIABLE = "CXR_FUZZ_SEED"  # set it to the printed number to meet the same mutants again


@pytest.fixture(scope="module")
def films() -> dict[str, bytes]:
    return make_seeds()


def test_there_are_sound_films_of_every_kind(films: dict[str, bytes], tmp_path: Path) -> None:
    assert len(films) >= 20
    for name, data in films.items():
        (tmp_path / "film").write_bytes(data)
        if name not in REFUSED:
            assert read_image(tmp_path / "film").pixels.size == 40 * 60, name


def test_every_transfer_syntax_that_is_read_has_a_sound_film(films: dict[str, bytes]) -> None:
    found = {
        str(dcmread(BytesIO(data)).file_meta.TransferSyntaxUID)
        for data in films.values()
        if data[128:132] == b"DICM"
    }
    assert found == {*NATIVE, *PLUGINS}


def test_a_mutant_can_be_made_again(films: dict[str, bytes]) -> None:
    assert mutant(5, 77, films) == mutant(5, 77, films)
    assert len({mutant(5, number, films)[1] for number in range(200)}) > 190


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_smallest_files_can_be_damaged(size: int) -> None:
    for number in range(200):
        mutate(bytes(size + 2), [b"abc"], random.Random(number))
    assert len(MUTATORS) >= 10


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    made.warm_up()
    yield made
    made.close()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(SEEDS)), dice=st.randoms(use_true_random=False))
def test_hypothesis_finds_no_damage_that_is_neither_read_nor_refused(
    films: dict[str, bytes], reader: ChildFilmReader, tmp_path: Path, name: str, dice: random.Random
) -> None:
    campaign = Campaign(0, films, tmp_path)
    campaign.judge(reader, mutate(films[name], list(films.values()), dice), name)
    assert campaign.tally.wrong == []


@pytest.mark.slow
def test_a_thousand_fresh_mutants_are_read_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get(SEED_VARIABLE, secrets.randbelow(2**32)))
    try:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            tally, memory_mib = alone.submit(run_by_itself, seed, COUNT, tmp_path).result()
    finally:
        with capsys.disabled():
            print(f"\n{SEED_VARIABLE}={seed}")  # noqa: T201 - the one way to meet them again
    assert tally.wrong == [], f"{SEED_VARIABLE}={seed}"
    assert tally.count == COUNT
    assert max(tally.seconds) < MOST_S + LATENESS_S, tally.slow
    assert 0 < tally.read < COUNT
    assert memory_mib < CAP_MIB
