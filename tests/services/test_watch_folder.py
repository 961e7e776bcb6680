"""A watched folder: each film once, when it is whole, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import JobCancelled, ModelUnavailable, RefusalCode
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.domain.roles import Actor, Permission, User
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.domain.watching import WatchLook
from cxr_desktop.services.assess import AssessFilm, assessed_film
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify_many import ClassifyMany
from cxr_desktop.services.watch_folder import QUEUE, WatchFolder, WatchTools
from cxr_desktop.storage.folder_files import DiskFolderFiles
from tests.support.engine_fakes import fake_prepare
from tests.support.examples import an_event
from tests.support.fake_watch import MemoryWatchedFiles
from tests.support.world import World

STILL_S = 10.0


class Ward:
    """A watched folder over a world; time passes when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "inbox"
        self.folder.mkdir()
        self.data = folder / "data"
        self.world = world = World(self.folder)
        self.settings: dict[str, SettingValue] = {
            "watch.folder": str(self.folder),
            "watch.seconds": int(STILL_S),
            "watch.handled": "remembered",
        }
        self.now = 0.0
        self.given: list[str] = []
        self.told: list[FilmOutcome] = []
        self.remembered = MemoryWatchedFiles()
        self._many = ClassifyMany(world.classify, world.history, world.access)
        self._assess = AssessFilm(world.reader, world.check, fake_prepare, world.classifiers)
        self.watch = self.started_again()

    def started_again(self) -> WatchFolder:
        tools = WatchTools(
            DiskFolderFiles(), self.remembered, self._classify,
            lambda path: [path] if path.suffix == ".png" else [], str, self.settings.__getitem__,
        )  # fmt: skip
        return WatchFolder(tools, self.world.access, self.data, lambda: self.now)

    def _classify(
        self, actor: Actor, films: list[Path], job: JobContext, *, whoever: bool
    ) -> Iterator[FileOutcome[ExamView]]:
        with ThreadMapper(self._work) as mapper:
            yield from self._many(actor, films, mapper, job, whoever=whoever)

    def _work(self, path: Path, job: JobContext) -> AssessedFilm:
        self.given.append(path.name)
        return assessed_film(self._assess(path, job), lambda radiograph: b"small")

    def look(self, user: str = "doc", job: JobContext | None = None) -> WatchLook:
        return self.watch.look(self.world.actor(user), job or NoProgress(), self.told.append)

    def settle(self, user: str = "doc") -> WatchLook:
        """Look, let the files stand still, and look again."""
        self.look(user)
        self.now += STILL_S
        return self.look(user)

    @property
    def stored(self) -> list[str]:
        return [record.film.file_name for record in self.world.history.records]

    def statuses(self) -> list[str]:
        return [one.status for one in self.told]


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path)


def test_a_new_film_is_read_by_itself_and_only_once(ward: Ward) -> None:
    ward.world.film(name="a.png")
    assert ward.settle() == WatchLook(str(ward.folder))
    assert ward.stored == ["a.png"]
    for _ in range(3):
        ward.settle()
    assert ward.statuses() == ["classified"]


def test_a_file_that_still_grows_is_left_alone(ward: Ward) -> None:
    film = ward.world.film(name="a.png")
    ward.look()
    ward.now += STILL_S - 1
    film.write_bytes(film.read_bytes() + b"more")
    assert ward.look().waiting == 1
    ward.now += STILL_S - 1
    assert ward.look().waiting == 1
    assert ward.stored == []
    ward.now += 1
    ward.look()
    assert ward.stored == ["a.png"]


def test_a_file_that_another_program_writes_is_left_alone(ward: Ward) -> None:
    film = ward.world.film(name="a.png")
    with film.open("ab"):
        if not DiskFolderFiles().is_being_written(film):
            pytest.skip("this file system does not tell")
        assert ward.settle().waiting == 1
        assert ward.stored == []
    ward.look()
    assert ward.stored == ["a.png"]


def test_what_was_handled_is_known_after_a_new_start(ward: Ward) -> None:
    ward.world.film(name="a.png")
    ward.settle()
    ward.watch = ward.started_again()
    ward.given.clear()
    ward.settle()
    assert ward.given == []
    assert ward.statuses() == ["classified"]


def test_an_end_between_storing_and_remembering_does_no_film_twice(ward: Ward) -> None:
    ward.world.film(name="a.png")
    ward.remembered.error = SystemExit()
    with pytest.raises(SystemExit):
        ward.settle()
    assert ward.stored == ["a.png"]
    ward.remembered.error = None
    ward.watch = ward.started_again()
    ward.settle("tech")  # somebody else, who may not see the exam of before
    assert ward.stored == ["a.png"]
    assert ward.statuses() == ["stored_before"]


def test_a_refused_film_is_told_once_until_it_is_changed(ward: Ward) -> None:
    film = ward.world.film(name="a.png")
    ward.world.reader.refuses["a.png"] = RefusalCode.DAMAGED
    for _ in range(3):
        ward.settle()
    assert ward.statuses() == ["refused"]
    ward.world.reader.refuses.clear()
    film.write_bytes(film.read_bytes() + b"whole now")
    ward.settle()
    assert ward.statuses() == ["refused", "classified"]


def test_what_is_no_film_is_passed_over_in_silence(ward: Ward) -> None:
    (ward.folder / "notes.txt").write_text("hello")
    assert ward.settle().waiting == 0
    assert ward.told == []


def test_handled_files_are_moved_when_the_setting_says_so(ward: Ward) -> None:
    ward.settings["watch.handled"] = "moved"
    ward.world.film(name="a.png")
    ward.world.film(grey=10, name="cut.png")
    ward.world.reader.refuses["cut.png"] = RefusalCode.DAMAGED
    ward.settle()
    assert [p.relative_to(ward.folder).as_posix() for p in sorted(ward.folder.rglob("*.png"))] == [
        "read/a.png",
        "refused/cut.png",
    ]
    ward.world.film(grey=20, name="a.png")  # the next film of that name overwrites none
    ward.settle()
    assert sorted(path.name for path in (ward.folder / "read").iterdir()) == ["a-1.png", "a.png"]
    assert ward.stored == ["a.png", "a.png"]


def test_a_file_that_cannot_be_moved_is_remembered(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    ward.settings["watch.handled"] = "moved"
    ward.world.film(name="a.png")
    (ward.folder / "read").write_text("in the way")
    for _ in range(3):
        ward.settle()
    assert ward.statuses() == ["classified"]


def test_a_folder_that_goes_is_said_and_one_that_comes_back_is_read(ward: Ward) -> None:
    ward.world.film(name="a.png")
    ward.look()
    away = ward.folder.rename(ward.folder.with_name("away"))
    assert "is not there" in ward.look().problem
    away.rename(ward.folder)
    assert ward.settle().problem == ""
    assert ward.stored == ["a.png"]


def test_a_queue_is_worked_off_piece_by_piece_the_oldest_first(ward: Ward) -> None:
    for number in range(QUEUE + 4):
        ward.world.film(grey=number, name=f"{number:02}.png")
    first = ward.settle()
    assert (len(ward.stored), first.more, first.waiting) == (QUEUE, True, 4)
    second = ward.look()
    assert (len(ward.stored), second.more, second.waiting) == (QUEUE + 4, False, 0)
    assert ward.stored == sorted(ward.stored)


def test_who_may_not_run_the_model_watches_nothing(ward: Ward) -> None:
    ward.world.users.update(
        User("tech", "Tech", "Technicians", denied=frozenset({Permission.RUN})), an_event()
    )
    ward.world.film(name="a.png")
    assert "may not open films or run" in ward.settle("tech").problem
    assert ward.stored == []
    assert AuditAction.PERMISSION_DENIED not in ward.world.actions()


def test_the_data_folder_is_not_watched(ward: Ward) -> None:
    ward.settings["watch.folder"] = str(ward.data / "films")
    assert "data folder itself" in ward.look().problem


def test_what_concerns_every_film_is_raised_and_nothing_is_remembered(ward: Ward) -> None:
    ward.world.film(name="a.png")
    ward.world.classifiers.fails_with = ModelUnavailable("There is no model.")
    ward.look()
    ward.now += STILL_S
    with pytest.raises(ModelUnavailable):
        ward.look()
    ward.world.classifiers.fails_with = None
    ward.look()
    assert ward.stored == ["a.png"]


def test_a_sign_out_stops_it_between_films(ward: Ward) -> None:
    class Leave:
        def report(self, step: str, fraction: float) -> None:
            if ward.world.history.records:
                raise JobCancelled

    for number in range(16):
        ward.world.film(grey=number, name=f"{number}.png")
    ward.look()
    ward.now += STILL_S
    with pytest.raises(JobCancelled):
        ward.look(job=Leave())
    before = len(ward.stored)
    assert 1 <= before < 16
    ward.look()
    assert sorted(ward.stored) == sorted(f"{number}.png" for number in range(16))


def test_no_folder_means_nothing_is_watched(ward: Ward) -> None:
    ward.settings["watch.folder"] = " "
    assert ward.look() == WatchLook()


def names(paths: Sequence[Path]) -> list[str]:
    return sorted(path.name for path in paths)


def test_hidden_files_and_files_on_their_way_are_not_looked_at(tmp_path: Path) -> None:
    for name in (".hidden", "a.png.part", "b.tmp", "~lock", "c.png"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d").write_bytes(b"y")
    (tmp_path / "round").symlink_to(tmp_path)
    assert names([*DiskFolderFiles().of(tmp_path, without=())]) == ["c.png", "d"]
    assert names([*DiskFolderFiles().of(tmp_path, without=("below",))]) == ["c.png"]


def test_whoever_opens_a_file_while_it_is_asked_about_breaks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"x")
    for _ in range(200):
        assert not DiskFolderFiles().is_being_written(path)
        with path.open("ab") as file:
            file.write(b"y")
