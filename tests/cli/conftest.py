"""Shared by the tests of the command line: a tiny model, drawn films, `run([...])`."""

import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from cxr_desktop import bootstrap
from cxr_desktop.cli.main import main
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.storage.data_lock import DataLock
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.vault import Vault
from cxr_desktop.wiring import engine
from tests.support.locked import CHEAP
from tests.support.packs import make_pack

PASSWORD = "four quiet winter trains"
FILMS = 12
FILM_FIELDS = [
    "file",
    "status",
    "verdict",
    "probability",
    "meaning",
    "cautions",
    "code",
    "message",
    "model",
    "device",
    "ms",
]


@dataclass(frozen=True, slots=True)
class Said:
    """What one command answered."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


Run = Callable[..., Said]


@pytest.fixture(scope="session")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one tiny model: bright films are abnormal."""
    folder = tmp_path_factory.mktemp("built_in")
    make_pack(folder, "tiny")
    return folder


@pytest.fixture(scope="session")
def drawn() -> dict[str, bytes]:
    """PNG files: a dark and a bright drawn chest."""
    chest = draw_chest(rows=256, columns=224)
    grey = (chest / chest.max()).astype(np.float32)
    films = {"dark.png": grey * 40, "bright.png": 160 + grey * 95}
    encoded = {}
    for name, film in films.items():
        written, png = cv2.imencode(".png", film.astype(np.uint8))
        assert written
        encoded[name] = png.tobytes()
    return encoded


@pytest.fixture
def films(tmp_path: Path, drawn: dict[str, bytes]) -> Path:
    """A folder with a dark (normal) and a bright (abnormal) film."""
    folder = tmp_path / "films"
    folder.mkdir()
    for name, content in drawn.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of `FILMS` different films."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILMS):
        draw_film(folder, number)
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where a data folder may be made; nothing is there yet."""
    return tmp_path / "data"


class SharedReader(ChildFilmReader):
    """The real reader, whose child outlives a command: starting one takes most of a second."""

    def close(self) -> None:
        """Keep the child for the next command."""


@pytest.fixture(scope="session")
def reader() -> Iterator[SharedReader]:
    """One decoder child for all tests of the command line; test_bootstrap.py ends its own."""
    shared = SharedReader()
    shared.warm_up()
    yield shared
    ChildFilmReader.close(shared)


@pytest.fixture(autouse=True)
def quick_parts(reader: SharedReader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every command use that child, and passwords that cost little."""
    monkeypatch.setattr(engine, "ChildFilmReader", lambda: reader)

    def cheap(
        vault: Vault, database: Database, door: Door, now: Callable[[], datetime]
    ) -> DataLock:
        return DataLock(vault, database, door, now, CHEAP)

    monkeypatch.setattr(bootstrap, "DataLock", cheap)


@pytest.fixture
def run(built_in: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line in this process: `run("classify", path, stdin=b"…")`."""

    def call(*words: str | Path, stdin: bytes = b"", models: Path = built_in) -> Said:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        status = main([str(word) for word in words], built_in_models=models)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def hospital(run: Run, data: Path) -> Path:
    """A data folder with the administrator `ada`."""
    said = run("--data-dir", data, "admin", "create", "ada", "--password-stdin", stdin=secret())
    assert said.status == 0, said.err
    return data


def draw_film(folder: Path, number: int) -> None:
    """Write a drawn chest that is another film, and brighter, for each number from 0 to 12."""
    film = draw_chest(rows=256, columns=224, seed=number)
    grey = (film / film.max() * (60 + 15 * number)).astype(np.uint8)
    (folder / f"{number:02}.png").write_bytes(cv2.imencode(".png", grey)[1].tobytes())


def secret(password: str = PASSWORD) -> bytes:
    """Return a password as it comes on standard input."""
    return f"{password}\n".encode()


def one_sentence(said: Said, *words: str) -> Sequence[str]:
    """Check that exactly one line was said on standard error, with these words in it."""
    lines = said.err.splitlines()
    assert len(lines) == 1, said.err
    assert lines[0].startswith("cxr-desktop: ")
    assert "error" not in lines[0].lower().split(":")[0]
    for word in words:
        assert word in lines[0]
    return lines
