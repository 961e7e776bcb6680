"""The decoder process: same films, and nothing it does can hurt the program."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging import child_reader, decoder_process
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.decoded import DecodedFilm
from cxr_desktop.imaging.registry import read_image
from cxr_desktop.imaging.wire import receive, send_film
from tests.support.film_files import dicom, encoded, ramp
from tests.support.patience import PATIENCE_S

Children = Callable[[], list[BaseProcess]]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="limits and signals of Linux")


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    tags = {"WindowCenter": 2000, "WindowWidth": 3000, "PatientBirthDate": "19600131"}
    (folder / "film.dcm").write_bytes(
        dicom(ramp(), **tags, ImagerPixelSpacing=[0.1, 0.2], ViewPosition="AP")
    )
    (folder / "film.png").write_bytes(encoded(".png", ramp(top=255).astype(np.uint8)))
    (folder / "text.dcm").write_text("no film")
    return folder


@pytest.fixture
def reader() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    yield made
    made.close()


@pytest.fixture
def children() -> Children:
    """The child processes that the test itself began; other tests may share one of their own."""
    before = set(multiprocessing.active_children())
    return lambda: [child for child in multiprocessing.active_children() if child not in before]


# What stands in for the decoder in a child: spawn finds them by name.


def serve_hanging(pipe: Connection, *_: object) -> None:
    pipe.send_bytes(decoder_process.READY)
    pipe.recv_bytes()
    signal.pause()


def serve_half_an_answer(pipe: Connection, *_: object) -> None:
    pipe.send_bytes(decoder_process.READY)
    pipe.recv_bytes()
    os.write(pipe.fileno(), b"\0\0")
    signal.pause()


def serve_dying(pipe: Connection, *_: object) -> None:
    pipe.send_bytes(decoder_process.READY)
    pipe.recv_bytes()
    os.abort()


def serve_nonsense(pipe: Connection, *_: object) -> None:
    pipe.send_bytes(decoder_process.READY)
    pipe.recv_bytes()
    pipe.send_bytes(b'{"rows": 1000000, "columns": 1000000, "bytes": 2}')


def serve_pickle(pipe: Connection, *_: object) -> None:
    pipe.send_bytes(decoder_process.READY)
    pipe.recv_bytes()
    pipe.send({"rows": 4})


def serve_nobody(pipe: Connection, *_: object) -> None:
    os._exit(3)


def test_a_film_comes_back_as_the_process_itself_would_read_it(
    films: Path, reader: ChildFilmReader
) -> None:
    for name in ("film.dcm", "film.png"):
        here, there = read_image(films / name), reader.read(films / name)
        assert np.array_equal(here.pixels, there.pixels)
        assert here.sha256 == there.sha256
        assert there.sha256 == hashlib.sha256((films / name).read_bytes()).hexdigest()
        assert (here.study, here.window, here.windows) == (there.study, there.window, there.windows)
        assert (here.spacing, here.cautions, here.bits) == (
            there.spacing,
            there.cautions,
            there.bits,
        )
        assert there.file_name == name


def test_without_shared_memory_a_film_comes_through_the_pipe(
    films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_reader, "new_pixel_buffer", lambda: None)
    reader = ChildFilmReader()
    try:
        for name in ("film.dcm", "film.png"):
            there = reader.read(films / name)
            assert np.array_equal(read_image(films / name).pixels, there.pixels)
    finally:
        reader.close()


def test_a_film_stays_as_it_is_when_the_next_one_is_read(
    films: Path, reader: ChildFilmReader
) -> None:
    first = reader.read(films / "film.dcm")
    reader.read(films / "film.png")
    reader.close()
    assert np.array_equal(first.pixels, read_image(films / "film.dcm").pixels)


def test_a_refusal_comes_back_with_its_words(films: Path, reader: ChildFilmReader) -> None:
    with pytest.raises(FilmRefused) as refused:
        reader.read(films / "text.dcm")
    assert refused.value.refusal is RefusalCode.UNSUPPORTED_FORMAT
    assert refused.value.hint
    assert reader.read(films / "film.png").file_format == "PNG"


def test_threads_take_turns(films: Path, reader: ChildFilmReader) -> None:
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(reader.read, [films / "film.png", films / "film.dcm"] * 6))
    assert [film.file_format for film in read] == ["PNG", "DICOM"] * 6


def test_a_closed_reader_starts_again(
    films: Path, reader: ChildFilmReader, children: Children
) -> None:
    reader.warm_up()
    reader.close()
    assert not children()
    assert reader.read(films / "film.png").rows == 40


@linux_only
@pytest.mark.parametrize(
    ("serve", "code"),
    [
        (serve_hanging, RefusalCode.TIME_OUT),
        (serve_half_an_answer, RefusalCode.TIME_OUT),
        (serve_dying, RefusalCode.DAMAGED),
        (serve_nonsense, RefusalCode.DAMAGED),
        (serve_pickle, RefusalCode.DAMAGED),
    ],
)
def test_a_bad_child_is_one_refusal_and_the_next_film_is_read(
    serve: object,
    code: RefusalCode,
    films: Path,
    children: Children,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reader = ChildFilmReader(timeout_s=1.0 if code is RefusalCode.TIME_OUT else PATIENCE_S)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(decoder_process, "serve", serve)
            with pytest.raises(FilmRefused) as refused:
                reader.read(films / "film.png")
        assert refused.value.refusal is code
        assert not children()
        reader._timeout_s = PATIENCE_S
        assert reader.read(films / "film.png").rows == 40
    finally:
        reader.close()


def test_a_child_killed_between_films_is_replaced(
    films: Path, reader: ChildFilmReader, children: Children
) -> None:
    reader.warm_up()
    (child,) = children()
    child.kill()
    child.join()
    assert reader.read(films / "film.png").rows == 40


def test_a_decoder_that_cannot_start_is_a_sentence(
    films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_process, "serve", serve_nobody)
    with pytest.raises(FilmRefused, match="could not be started"):
        ChildFilmReader().warm_up()


def test_even_a_panic_of_a_rust_codec_is_damage() -> None:
    class PanicException(BaseException):
        pass

    def panic(path: Path) -> tuple[DecodedFilm, str]:
        raise PanicException

    ours, theirs = multiprocessing.Pipe()
    decoder_process.answer(theirs, panic, b"x", 20)
    with pytest.raises(FilmRefused) as refused:
        receive(ours)
    assert refused.value.refusal is RefusalCode.DAMAGED
    ours.close()
    theirs.close()


def test_a_grey_table_outside_0_to_1_is_not_believed(films: Path) -> None:
    stored = np.zeros((2, 2), np.uint8)
    table = np.zeros(256, np.float32)
    film = DecodedFilm(stored, table, "PNG", 8)
    table[3] = np.nan
    ours, theirs = multiprocessing.Pipe()
    send_film(theirs, film, "0" * 64)
    with pytest.raises(ValueError, match=r"0\.\.1"):
        receive(ours)
    ours.close()
    theirs.close()


@linux_only
def test_the_child_may_not_take_more_memory_than_it_was_given() -> None:
    code = """
    from cxr_desktop.imaging.memory_cap import limit_memory
    limit_memory(300 * 2**20)
    bytes(200 * 2**20)
    try:
        bytes(400 * 2**20)
    except MemoryError:
        print("refused")
    """
    assert run_python(code) == "refused"


def test_the_program_itself_holds_no_codec(films: Path) -> None:
    code = f"""
    import sys
    from pathlib import Path
    from cxr_desktop.imaging.child_reader import ChildFilmReader
    import cxr_desktop.imaging.collect, cxr_desktop.imaging.display, cxr_desktop.imaging.thumbnails
    if __name__ == "__main__":
        reader = ChildFilmReader()
        reader.read(Path({str(films / "film.dcm")!r}))
        reader.close()
        print(sorted({{"pydicom", "gdcm", "openjpeg", "pylibjpeg"}} & set(sys.modules)))
    """
    assert run_python(code) == "[]"


@linux_only
def test_the_child_ends_with_a_program_that_was_killed(films: Path) -> None:
    code = """
    import multiprocessing, os, signal
    from cxr_desktop.imaging.child_reader import ChildFilmReader
    if __name__ == "__main__":
        ChildFilmReader().warm_up()
        print(multiprocessing.active_children()[0].pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    child = int(run_python(code, status=-signal.SIGKILL))
    assert ended(child)


def ended(pid: int) -> bool:
    """Wait for a process that is not our child; the kernel tells through its descriptor."""
    import select

    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 20.0)[0])
    finally:
        os.close(descriptor)


def run_python(code: str, *, status: int = 0) -> str:
    root = Path(__file__).parents[2]
    script = textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status, done.stderr
    return done.stdout.strip()
