"""A few of the runs of `python -m tests.power`, each time others."""

import secrets
import shutil
import sys

import pytest

from tests.power.__main__ import FAULT_NAMES, SUBJECT_NAMES, run
from tests.power.subjects import SUBJECTS

COUNT = 6


def test_every_subject_can_be_asked_for() -> None:
    assert set(SUBJECT_NAMES) == set(SUBJECTS)


@pytest.mark.slow
@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("cc") is None,
    reason="needs Linux and a C compiler",
)
@pytest.mark.parametrize("fault", FAULT_NAMES)
@pytest.mark.parametrize("subject", SUBJECT_NAMES)
def test_nothing_is_lost_and_nothing_is_half_there(subject: str, fault: str) -> None:
    seed = secrets.randbelow(10**6)
    assert run(subject, fault, COUNT, seed) == 0, f"seed {seed}"
