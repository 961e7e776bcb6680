"""Films in threads: what is given up ends at its next step, and what was not begun is dropped."""

from concurrent.futures import CancelledError, wait
from pathlib import Path
from threading import Event

import pytest

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.right_of_way import RightOfWay


def test_a_film_that_is_given_up_ends_at_its_next_step() -> None:
    begun, go_on, steps = Event(), Event(), list[str]()

    def work(path: Path, job: JobContext) -> AssessedFilm:
        steps.append(path.name)
        begun.set()
        assert go_on.wait(20)
        job.report("Running the model", 0.5)
        steps.append("went on")
        raise AssertionError

    with ThreadMapper(work, threads=1) as mapper:
        films = [mapper.submit(Path(name)) for name in ("first", "second")]
        assert begun.wait(20)
        assert all(film.cancel() for film in films)
        go_on.set()
    assert steps == ["first"]
    with pytest.raises(CancelledError):
        films[0].result(0)


def test_a_film_waits_between_two_steps_for_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    way, steps, stepped = RightOfWay(), list[str](), Event()
    monkeypatch.setattr("cxr_desktop.right_of_way.LONGEST_S", 60.0)
    monkeypatch.setattr("cxr_desktop.distributed.threads.window_first", way)

    def work(path: Path, job: JobContext) -> AssessedFilm:
        way.take()
        stepped.set()
        job.report("Running the model", 0.5)
        steps.append(path.name)
        raise FilmRefused(RefusalCode.DAMAGED, path.name)

    with ThreadMapper(work, threads=1) as mapper:
        film = mapper.submit(Path("film"))
        assert stepped.wait(20)
        assert wait([film], 0.2).not_done
        assert not steps
        way.give()
        assert isinstance(film.exception(20), FilmRefused)
    assert steps == ["film"]


def test_what_was_not_begun_when_the_run_is_over_is_given_up() -> None:
    def work(path: Path, job: JobContext) -> AssessedFilm:
        assert go_on.wait(20)
        raise FilmRefused(RefusalCode.DAMAGED, path.name)

    go_on = Event()
    with ThreadMapper(work, threads=1) as mapper:
        first, *rest = [mapper.submit(Path(f"{number}")) for number in range(5)]
        mapper._is_over = True  # as at its end, which waits for the first
        go_on.set()
    with pytest.raises(FilmRefused, match="0"):
        first.result(0)
    assert all(film.cancelled() for film in rest)
