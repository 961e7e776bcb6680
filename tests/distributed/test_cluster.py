"""A batch over processes of a real Dask cluster, one of them killed at work."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cxr_desktop.imaging.phantom import draw_chest

FILMS = 14
SECONDS = 240

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="the extra “cluster” (dask, distributed) is not installed",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with drawn films that are all different, and one that is none."""
    films = tmp_path / "films"
    films.mkdir()
    chest = draw_chest(rows=256, columns=224)
    for number in range(FILMS - 1):
        grey = number * 12 + chest / chest.max() * 95
        assert cv2.imwrite(str(films / f"{number:02}.png"), grey.astype(np.uint8))
    (films / "99.png").write_bytes(b"words")
    return tmp_path


def story(folder: Path, *words: str) -> dict[str, Any]:
    """Tell it in a process of its own: here no socket may be opened."""
    call = [sys.executable, "-m", "tests.support.cluster_story", str(folder), *words]
    done = subprocess.run(
        call, capture_output=True, text=True, timeout=SECONDS, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def check(said: dict[str, Any]) -> None:
    """Every film once, in order, with the answer that it gets alone."""
    told = said["told"]
    assert [row["file"] for row in told] == sorted(said["alone"])
    assert [row["file"] for row in told if row["refused"]] == ["99.png"]
    stored = [row for row in told if not row["refused"]]
    assert len({row["exam"] for row in stored}) == FILMS - 1 == said["total"]
    for row in stored:
        assert row["probability"] == pytest.approx(said["alone"][row["file"]], abs=1e-4)
    assert said["again"] == [row["exam"] for row in told]


@pytest.mark.parametrize("how", [(), ("send",)], ids=["by path", "by bytes"])
def test_a_killed_worker_loses_nothing_and_does_nothing_twice(
    folder: Path, how: tuple[str, ...]
) -> None:
    said = story(folder, "kill", *how)
    assert said["killed"]
    check(said)


def test_a_scheduler_that_goes_ends_the_run_and_the_next_one_goes_on(folder: Path) -> None:
    said = story(folder, "gone")
    assert "connection to the scheduler was lost" in said["error"]
    assert 0 < len(said["told"]) < FILMS
    assert said["total"] == len(said["told"])
    assert said["after"] == FILMS - 1
