"""Films on discs and in archives: found, read where they are, or refused in words."""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import config
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging import packed_film, zip_archive
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.finder import FilmFinder, safe_name
from cxr_desktop.imaging.left_behind import PREFIX, remove_left_behind
from cxr_desktop.imaging.packed_film import film_bytes, film_pieces
from cxr_desktop.imaging.registry import read_image
from tests.support.film_files import dicom, encoded, file_bytes, ramp

PNG = encoded(".png", ramp(top=255).astype(np.uint8))
DCM = dicom(ramp())


@pytest.fixture
def finder(
    reader: ChildFilmReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FilmFinder]:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    made = FilmFinder(reader.list_disc)
    yield made
    assert list(scratch.iterdir()) == []


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def disc(folder: Path, references: list[Any], kind: str = "IMAGE") -> Path:
    """Write a DICOMDIR whose records name these files."""
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = MediaStorageDirectoryStorage, "2.25.1"
    records = []
    for reference in references:
        record = Dataset()
        record.DirectoryRecordType = kind
        with config.disable_value_validation():  # discs are written as their makers like
            record.ReferencedFileID = reference
        records.append(record)
    patient = Dataset()
    patient.DirectoryRecordType = "PATIENT"
    made.DirectoryRecordSequence = [patient, *records]
    (folder / "DICOMDIR").write_bytes(file_bytes(made))
    return folder / "DICOMDIR"


def refusal(path: Path) -> FilmRefused:
    with pytest.raises(FilmRefused) as refused:
        read_image(path)
    return refused.value


def only(finder: FilmFinder, path: Path) -> Path:
    (found,) = finder([path])
    return found


# Discs


def test_a_dicomdir_leads_to_the_images_it_names(finder: FilmFinder, tmp_path: Path) -> None:
    cd = tmp_path / "cd"
    (cd / "DICOM" / "ser 1").mkdir(parents=True)
    (cd / "DICOM" / "ser 1" / "IM0001").write_bytes(DCM)
    (cd / "dicom").mkdir(exist_ok=True)
    (cd / "viewer.exe").write_bytes(b"MZ")
    index = disc(cd, [["DICOM", "ser 1", "IM0001"], ["DICOM", "ser 1", "IM0002"]])
    assert list(finder([index])) == [cd / "DICOM/ser 1/IM0001", cd / "DICOM/ser 1/IM0002"]
    assert refusal(cd / "DICOM/ser 1/IM0002").refusal is RefusalCode.NOT_A_FILE


def test_names_of_a_disc_may_differ_in_case_and_carry_a_version(
    finder: FilmFinder, tmp_path: Path
) -> None:
    (tmp_path / "images").mkdir()
    film = tmp_path / "images" / "im1.;1"
    film.write_bytes(DCM)
    assert list(finder([disc(tmp_path, [["IMAGES", "IM1"]])])) == [film]


@pytest.mark.parametrize(
    "reference",
    [
        ["..", "secret.dcm"],
        ["/etc", "passwd"],
        ["C:", "film"],
        ["a/../../secret.dcm"],
        "..",
        ["x"] * 9,
    ],
)
def test_a_dicomdir_leads_nowhere_outside_its_folder(
    finder: FilmFinder, tmp_path: Path, reference: Any
) -> None:
    cd = tmp_path / "cd"
    cd.mkdir()
    (tmp_path / "secret.dcm").write_bytes(DCM)
    index = disc(cd, [reference])
    assert only(finder, index) == index
    assert refusal(index).refusal is RefusalCode.NO_PIXELS


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_on_a_disc_leads_nowhere_outside(finder: FilmFinder, tmp_path: Path) -> None:
    cd = tmp_path / "cd"
    cd.mkdir()
    (tmp_path / "secret.dcm").write_bytes(DCM)
    (cd / "FILM").symlink_to(tmp_path / "secret.dcm")
    index = disc(cd, ["FILM"])
    assert only(finder, index) == index


def test_reports_on_a_disc_are_left_out(finder: FilmFinder, tmp_path: Path) -> None:
    (tmp_path / "SR1").write_bytes(DCM)
    index = disc(tmp_path, ["SR1"], kind="SR DOCUMENT")
    assert only(finder, index) == index


def test_a_broken_dicomdir_is_refused_by_its_reader(finder: FilmFinder, tmp_path: Path) -> None:
    index = tmp_path / "DICOMDIR"
    index.write_bytes(DCM[:200])
    assert only(finder, index) == index
    assert refusal(index).refusal in {RefusalCode.DAMAGED, RefusalCode.NOT_A_RADIOGRAPH}


def test_a_folder_of_everything_gives_its_films(finder: FilmFinder, tmp_path: Path) -> None:
    cd = tmp_path / "cd"
    (cd / "DICOM").mkdir(parents=True)
    (cd / "DICOM" / "IM1").write_bytes(DCM)
    (cd / "autorun.inf").write_text("[autorun]")
    (cd / "viewer.exe").write_bytes(b"MZ" + bytes(300))
    (cd / "JPG.jpg").write_bytes(PNG)
    archive(cd / "more.zip", {"film": DCM, "readme.txt": b"hello"})
    disc(cd, [["DICOM", "IM1"]])
    found = list(finder([cd]))
    assert [path.name for path in found] == ["JPG.jpg", "film", "IM1"]
    assert all(read_image(path).pixels.size for path in found)


# Archives


def test_films_of_an_archive_are_read_where_they_are(
    reader: ChildFilmReader, tmp_path: Path
) -> None:
    finder = FilmFinder(reader.list_disc)
    packed = archive(
        tmp_path / "study.zip",
        {
            "a/IM1": DCM,
            "a/film.png": PNG,
            "notes.txt": b"no film",
            "DICOMDIR": DCM,
            "__MACOSX/a/._film.png": PNG,
            "broken.dcm": b"no film",
        },
    )
    found = list(finder([packed]))
    assert [path.name for path in found] == ["IM1", "film.png", "broken.dcm"]
    assert finder.label(found[0]) == f"{packed}/a/IM1"
    assert finder.label(packed) == str(packed)
    assert film_bytes(found[0]) == DCM
    assert b"".join(film_pieces(found[0], 1000)) == DCM
    assert not found[0].exists()
    assert list(finder([packed])) == found


def test_an_archive_needs_no_name_of_one(finder: FilmFinder, tmp_path: Path) -> None:
    packed = archive(tmp_path / "export", {"IM1": DCM})
    assert only(finder, packed).name == "IM1"


def test_names_in_an_archive_do_no_harm(finder: FilmFinder, tmp_path: Path) -> None:
    names = ["con.png", "a<b>|c?.png", "x\u202egnp.png", "-rf.png", "n" * 300 + ".png", "a\nb.png"]
    packed = archive(tmp_path / "names.zip", dict.fromkeys(names, PNG))
    found = list(finder([packed]))
    assert len(found) == len(names)
    for path in found:
        assert len(path.name) <= 121
        assert not set(path.name) & set('<>:"/\\|?*\n\u202e')
        assert read_image(path).rows == 40


@pytest.mark.parametrize("name", ["..", "CON", "nul.dcm", "", " . ", "/"])
def test_a_name_is_never_empty_nor_special(name: str) -> None:
    assert safe_name(name).startswith("_")


@pytest.mark.parametrize(
    "name", ["../out.png", "a/../../out.png", "/etc/out.png", "C:/out.png", "..\\out.png"]
)
def test_an_archive_that_leads_outside_is_refused(
    finder: FilmFinder, tmp_path: Path, name: str
) -> None:
    packed = archive(tmp_path / "evil.zip", {"film.png": PNG, name: PNG})
    assert only(finder, packed) == packed
    assert "outside" in refusal(packed).message


def test_a_link_in_an_archive_is_no_link_afterwards(finder: FilmFinder, tmp_path: Path) -> None:
    packed = tmp_path / "link.zip"
    with zipfile.ZipFile(packed, "w") as made:
        link = zipfile.ZipInfo("film.dcm")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    film = only(finder, packed)
    assert film_bytes(film) == b"/etc/passwd"
    assert refusal(film).refusal is RefusalCode.UNSUPPORTED_FORMAT


def test_an_archive_in_an_archive_is_not_opened(finder: FilmFinder, tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"film.png": PNG}).read_bytes()
    film = only(finder, archive(tmp_path / "outer.zip", {"inner.zip": inner}))
    assert film.name == "inner.zip"
    assert "inside another" in refusal(film).message


def test_a_locked_archive_is_refused(finder: FilmFinder, tmp_path: Path) -> None:
    data = bytearray(archive(tmp_path / "plain.zip", {"film.png": PNG}).read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    packed = tmp_path / "locked.zip"
    packed.write_bytes(data)
    assert only(finder, packed) == packed
    assert "password" in refusal(packed).message


def test_a_packing_that_needs_much_memory_is_refused(finder: FilmFinder, tmp_path: Path) -> None:
    packed = archive(tmp_path / "lzma.zip", {"film.png": PNG}, zipfile.ZIP_LZMA)
    assert only(finder, packed) == packed
    assert refusal(packed).refusal is RefusalCode.UNSUPPORTED_FORMAT


def test_a_bomb_is_refused_by_its_ratio(finder: FilmFinder, tmp_path: Path) -> None:
    packed = archive(tmp_path / "bomb.zip", {"film.png": PNG + bytes(20_000_000)})
    assert only(finder, packed) == packed
    assert refusal(packed).refusal is RefusalCode.TOO_LARGE


def test_too_many_or_too_large_members_are_refused(
    finder: FilmFinder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = archive(tmp_path / "many.zip", {f"{n}.png": PNG for n in range(6)})
    assert len(list(finder([packed]))) == 6
    with monkeypatch.context() as patched:
        patched.setattr(zip_archive, "MAX_MEMBERS", 5)
        assert refusal(packed).refusal is RefusalCode.TOO_LARGE
    with monkeypatch.context() as patched:
        patched.setattr(zip_archive, "MAX_TOTAL", 5 * len(PNG))
        assert refusal(packed).refusal is RefusalCode.TOO_LARGE


def test_a_directory_of_millions_is_refused_before_it_is_read(
    finder: FilmFinder, tmp_path: Path
) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    count = 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(entry) * count, 4, 0)
    packed = tmp_path / "millions.zip"
    packed.write_bytes(b"PK\x03\x04" + entry * count + end)
    assert only(finder, packed) == packed
    assert refusal(packed).refusal is RefusalCode.TOO_LARGE


def test_an_archive_of_the_kind_zip64_is_refused(finder: FilmFinder, tmp_path: Path) -> None:
    whole = archive(tmp_path / "plain.zip", {"film.png": PNG}).read_bytes()
    at = whole.rindex(b"PK\x05\x06")
    packed = tmp_path / "zip64.zip"
    packed.write_bytes(whole[:at] + b"PK\x06\x07" + bytes(16) + whole[at:])
    assert only(finder, packed) == packed
    assert "ZIP64" in refusal(packed).message


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.99])
def test_a_cut_archive_is_refused(finder: FilmFinder, tmp_path: Path, share: float) -> None:
    whole = archive(tmp_path / "whole.zip", {"film.dcm": DCM, "b.png": PNG}).read_bytes()
    packed = tmp_path / "cut.zip"
    packed.write_bytes(whole[: int(len(whole) * share)])
    assert only(finder, packed) == packed
    assert refusal(packed).refusal is RefusalCode.DAMAGED


def test_a_damaged_member_is_one_refused_film(finder: FilmFinder, tmp_path: Path) -> None:
    packed = archive(
        tmp_path / "bad.zip", {"film.dcm": DCM, "b.png": PNG}, method=zipfile.ZIP_STORED
    )
    data = bytearray(packed.read_bytes())
    data[data.index(DCM) + len(DCM) // 2] ^= 0xFF
    packed.write_bytes(data)
    broken, sound = finder([packed])
    assert refusal(broken).refusal in {RefusalCode.DAMAGED, RefusalCode.NO_PIXELS}
    assert read_image(sound).rows == 40


def test_an_archive_without_films_says_so(finder: FilmFinder, tmp_path: Path) -> None:
    packed = archive(tmp_path / "letters.zip", {"letter.txt": b"hello"})
    assert only(finder, packed) == packed
    assert "without any film" in refusal(packed).message
    empty = archive(tmp_path / "empty.zip", {})
    assert "empty" in refusal(only(finder, empty)).message


def test_films_of_an_archive_that_went_away_are_refused(
    finder: FilmFinder, reader: ChildFilmReader, tmp_path: Path
) -> None:
    packed = archive(tmp_path / "study.zip", {"a.png": PNG, "b.png": PNG})
    first, second = finder([packed])
    assert reader.read(second).rows == 40
    archive(packed, {"a.png": PNG})
    assert "any more" in refusal(second).message
    packed.unlink()
    assert refusal(first).refusal is RefusalCode.NOT_A_FILE


def test_an_empty_or_huge_file_of_an_archive_is_refused(
    finder: FilmFinder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = archive(tmp_path / "study.zip", {"a.png": PNG, "b.png": b""})
    film, empty = finder([packed])
    assert refusal(empty).refusal is RefusalCode.DAMAGED
    monkeypatch.setattr(packed_film, "MAX_BYTES", len(PNG) - 1)
    assert refusal(film).refusal is RefusalCode.TOO_LARGE


def test_tags_of_a_film_in_an_archive_are_listed(
    finder: FilmFinder, reader: ChildFilmReader, tmp_path: Path
) -> None:
    film = only(finder, archive(tmp_path / "study.zip", {"IM1": DCM}))
    assert reader.list_tags(film).sha256 == hashlib.sha256(DCM).hexdigest()


def test_what_an_older_version_left_behind_is_removed(tmp_path: Path) -> None:
    for name in (f"{PREFIX}1", f"{PREFIX}2", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "film").write_bytes(DCM)
    remove_left_behind(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_random_damage_to_an_archive_never_escapes(finder: FilmFinder, tmp_path: Path) -> None:
    import random

    from tests.fuzz.mutators import mutate

    whole = archive(tmp_path / "whole.zip", {"film.dcm": DCM, "a/b.png": PNG}).read_bytes()
    packed = tmp_path / "mutant.zip"
    for number in range(300):
        packed.write_bytes(mutate(whole, [PNG], random.Random(f"zip {number}")))
        for film in finder([packed]):
            with contextlib.suppress(FilmRefused):
                assert read_image(film).pixels.size
