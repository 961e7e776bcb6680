"""Tags as text: in order, capped, nothing binary, and nothing that a file says breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.tags import VALUE_LIMIT, TagList, TagRow
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.tag_list import MOST_ROWS, read_tags
from tests.support.film_files import dataset, encoded, file_bytes, ramp


@pytest.fixture
def reader() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    yield made
    made.close()


def write(folder: Path, made: Dataset) -> Path:
    path = folder / "film.dcm"
    path.write_bytes(file_bytes(made))
    return path


def row(tags: TagList, tag: str) -> TagRow:
    return next(one for one in tags.rows if one.tag == tag)


def test_the_tags_come_through_the_decoder_process_as_they_stand(
    tmp_path: Path, reader: ChildFilmReader
) -> None:
    path = write(
        tmp_path,
        dataset(
            ramp(), SpecificCharacterSet="ISO_IR 192", PatientName="محمد^X", WindowCenter=[1, 2]
        ),
    )
    tags = reader.list_tags(path)
    assert tags == read_tags(path.read_bytes()) == reader.list_tags_of(path.read_bytes())
    assert tags.sha256 == reader.read(path).sha256
    assert row(tags, "(0010,0020)") == TagRow("(0010,0020)", "Patient ID", "LO", "DRAWN-1")
    assert row(tags, "(0028,1050)").value == "1.0, 2.0"
    assert row(tags, "(0002,0010)").name == "Transfer Syntax UID"
    assert not tags.is_cut


def test_binary_values_are_told_by_their_size(tmp_path: Path) -> None:
    made = dataset(ramp())
    made.add_new(0x00091001, "OB", b"\x00secret\x00")
    made.add_new(0x00091002, "UN", b"secret")
    made.add_new(0x00091003, "LO", "words")
    tags = read_tags(write(tmp_path, made).read_bytes())
    assert row(tags, "(0009,1001)").value == "8 bytes"
    assert row(tags, "(0009,1002)").value == "6 bytes"
    assert row(tags, "(0009,1003)") == TagRow("(0009,1003)", "Private", "LO", "words")
    assert row(tags, "(7FE0,0010)").value == "4,800 bytes"
    assert "secret" not in str(tags)


def test_sequences_are_opened_and_what_is_too_deep_or_too_much_is_left_out(tmp_path: Path) -> None:
    made = dataset(ramp())
    inner = Dataset()
    inner.CodeMeaning = "Chest"
    for _ in range(9):
        outer = Dataset()
        outer.AnatomicRegionSequence = [inner]
        inner = outer
    made.AnatomicRegionSequence = [inner] * 20
    tags = read_tags(write(tmp_path, made).read_bytes())
    assert row(tags, "(0008,2218)").value == "20 items"
    assert sum(one.depth == 1 for one in tags.rows) == 16
    assert max(one.depth for one in tags.rows) <= 7
    assert "Chest" not in str(tags)


def test_a_file_of_many_tags_is_cut(tmp_path: Path) -> None:
    made = dataset(ramp())
    for number in range(MOST_ROWS + 10):
        made.add_new((0x0011, 0x1000 + number), "LO", "x")
    tags = read_tags(write(tmp_path, made).read_bytes())
    assert (len(tags.rows), tags.is_cut) == (MOST_ROWS, True)


def test_long_and_unseen_text_is_cut_and_blanked(tmp_path: Path) -> None:
    made = dataset(ramp(), ImageComments="<b>a</b>\x07" + "x" * 5000)
    value = row(read_tags(write(tmp_path, made).read_bytes()), "(0020,4000)").value
    assert value.startswith("<b>a</b> xxx")
    assert len(value) == VALUE_LIMIT


def test_a_value_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, dataset(ramp(), PatientAge="056Y", StudyDate="20260301"))
    path.write_bytes(path.read_bytes().replace(b"AS\x04\x00056Y", b"FD\x04\x00056Y"))
    tags = read_tags(path.read_bytes())
    assert row(tags, "(0010,1010)").value == "(cannot be read)"
    assert row(tags, "(0008,0020)").value == "20260301"


def test_a_deflated_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "film.dcm"
    path.write_bytes(file_bytes(dataset(ramp()), DeflatedExplicitVRLittleEndian))
    assert row(read_tags(path.read_bytes()), "(0010,0020)").value == "DRAWN-1"


def test_a_picture_has_no_tags_and_a_broken_file_is_refused(
    tmp_path: Path, reader: ChildFilmReader
) -> None:
    picture = tmp_path / "film.png"
    picture.write_bytes(encoded(".png", ramp(top=255).astype(np.uint8)))
    with pytest.raises(FilmRefused) as no_tags:
        reader.list_tags(picture)
    assert no_tags.value.refusal is RefusalCode.UNSUPPORTED_FORMAT
    broken = write(tmp_path, dataset(ramp()))
    broken.write_bytes(broken.read_bytes()[:150])
    with pytest.raises(FilmRefused):
        reader.list_tags(broken)
