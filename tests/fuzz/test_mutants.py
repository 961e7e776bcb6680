"""1,000 fresh damaged films per test run: each is a film or a stated refusal, and nothing dies."""

from __future__ import annotations

import os
import random
import secrets
from pathlib import Path

import pytest

from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.registry import read_image
from tests.fuzz.campaign import MOST_S, Campaign, mutant
from tests.fuzz.mutators import MUTATORS, mutate
from tests.fuzz.seeds import REFUSED, make_seeds

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


def test_a_mutant_can_be_made_again(films: dict[str, bytes]) -> None:
    assert mutant(5, 77, films) == mutant(5, 77, films)
    assert len({mutant(5, number, films)[1] for number in range(200)}) > 190


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_smallest_files_can_be_damaged(size: int) -> None:
    for number in range(200):
        mutate(bytes(size + 2), [b"abc"], random.Random(number))
    assert len(MUTATORS) >= 10


@pytest.mark.slow
def test_a_thousand_fresh_mutants_are_read_or_refused(
    films: dict[str, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = int(os.environ.get(SEED_VARIABLE, secrets.randbelow(2**32)))
    reader = ChildFilmReader()
    campaign = Campaign(seed, films, tmp_path)
    try:
        tally = campaign.run(reader, COUNT)
    finally:
        reader.close()
        with capsys.disabled():
            print(f"\n{SEED_VARIABLE}={seed}")  # noqa: T201 - the one way to meet them again
    assert tally.wrong == [], f"{SEED_VARIABLE}={seed}"
    assert tally.count == COUNT
    assert max(tally.seconds) < MOST_S + 2.0, tally.slow
    assert sorted(tally.seconds)[int(COUNT * 0.95)] < 1.0
    assert 0 < tally.read < COUNT
