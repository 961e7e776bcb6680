"""What leaves the program: whole or not there, and readable nowhere before it is whole."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, JobCancelled, StorageUnavailable
from cxr_desktop.storage.out_files import OutFiles, write_plain
from cxr_desktop.storage.sealed_file import PIECE
from tests.support.locked import a_way_out

NAME = b"Doe^Jane"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> OutFiles:
    return a_way_out(tmp_path)


def notes(out: OutFiles) -> list[Path]:
    return sorted(out._folder.iterdir())


def readable(*folders: Path) -> list[Path]:
    return [path for folder in folders for path in folder.iterdir() if NAME in path.read_bytes()]


def test_a_large_file_lies_nowhere_readable_until_it_is_complete(
    out: OutFiles, stick: Path
) -> None:
    seen: list[int] = []

    def pieces() -> Iterator[bytes]:
        for _ in range(5):
            yield NAME * 100_000
            waiting = sum(path.stat().st_size for path in out._folder.iterdir())
            seen.append(waiting)
            assert readable(out._folder, stick) == []

    out.write_pieces(stick / "exams.csv", pieces(), over=False)
    assert seen[-1] > 2 * PIECE  # it did lie there, encrypted
    assert (stick / "exams.csv").read_bytes() == NAME * 500_000
    assert [path.name for path in stick.iterdir()] == ["exams.csv"]
    assert notes(out) == []


def test_what_ends_half_way_leaves_the_old_file_and_nothing_else(
    out: OutFiles, stick: Path
) -> None:
    def pieces() -> Iterator[bytes]:
        yield NAME * 500_000
        raise JobCancelled

    (stick / "exams.csv").write_text("before")
    with pytest.raises(JobCancelled):
        out.write_pieces(stick / "exams.csv", pieces(), over=True)
    assert [path.read_text() for path in stick.iterdir()] == ["before"]
    assert notes(out) == []


@pytest.mark.parametrize("content", [b"", NAME, NAME * 131_072, NAME * 131_073])
def test_files_of_every_size_come_out_as_they_went_in(
    out: OutFiles, stick: Path, content: bytes
) -> None:
    out.write_pieces(stick / "a", iter([content[:7], content[7:]]), over=False)
    out.write_new(stick / "b", content)
    out.write_over(stick / "b", content)
    assert (stick / "a").read_bytes() == (stick / "b").read_bytes() == content
    if os.name != "nt":
        assert (stick / "a").stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_is_written_over_only_when_that_was_said(
    out: OutFiles, stick: Path
) -> None:
    (stick / "a").write_text("mine")
    with pytest.raises(InvalidRequest, match="already"):
        out.write_new(stick / "a", NAME)
    with pytest.raises(InvalidRequest, match="already"):
        out.write_pieces(stick / "a", [NAME], over=False)
    with pytest.raises(InvalidRequest, match="already"):
        write_plain(stick / "a", NAME)
    assert (stick / "a").read_text() == "mine"


def test_a_folder_that_is_not_there_is_a_sentence_before_the_work_begins(
    out: OutFiles, stick: Path
) -> None:
    asked: list[bytes] = []

    def pieces() -> Iterator[bytes]:
        asked.append(NAME)
        yield NAME

    with pytest.raises(StorageUnavailable, match="cannot be written") as refusal:
        out.write_pieces(stick / "none" / "a", pieces(), over=True)
    assert refusal.value.hint
    assert asked == []


def cut_off(out: OutFiles, part: Path) -> None:
    """Leave a note and half a file, as a sudden end does."""
    part.write_bytes(NAME)
    note = out._note(part)
    note.__enter__()
    kept = {path: path.read_bytes() for path in notes(out)}
    note.__exit__(None, None, None)
    for path, content in kept.items():
        path.write_bytes(content)
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(NAME)


def test_half_a_file_is_removed_at_the_next_sign_in(out: OutFiles, stick: Path) -> None:
    cut_off(out, stick / ".half.part")
    (stick / ".theirs.part").write_text("another program's")
    assert out.remove_cut_off() == 1
    assert [path.name for path in stick.iterdir()] == [".theirs.part"]
    assert notes(out) == []
    assert out.remove_cut_off() == 0


def test_half_a_file_on_a_stick_that_was_pulled_out_is_removed_when_it_is_back(
    out: OutFiles, stick: Path
) -> None:
    cut_off(out, stick / ".half.part")
    stick.rename(stick.with_name("pulled out"))
    assert out.remove_cut_off() == 0
    assert len(notes(out)) == 1
    stick.with_name("pulled out").rename(stick)
    assert out.remove_cut_off() == 1
    assert list(stick.iterdir()) == []


def test_a_note_that_was_cut_off_itself_is_removed(out: OutFiles) -> None:
    (out._folder / "a.note").write_bytes(b"CXRF1 half")
    assert out.remove_cut_off() == 0
    assert notes(out) == []


def test_what_is_being_written_by_another_window_is_left_alone(
    out: OutFiles, stick: Path, tmp_path: Path
) -> None:
    part = stick / ".now.part"
    with out._note(part), part.open("wb") as file:
        file.write(NAME)
        assert a_way_out(tmp_path).remove_cut_off() == 0
        assert part.exists()
        assert len(notes(out)) == 1
    with suppress(FileNotFoundError):
        part.unlink()
