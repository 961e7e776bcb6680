"""Each transfer syntax x photometric x bits: bit-equal to the source where it is lossless."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cxr_desktop.imaging.dicom import read_dicom
from tests.support.fidelity import KINDS, SYNTAXES, Kind, Write, largest_difference, table

FILES = Path(__file__).parents[2] / "docs" / "files.md"
MOST_LOST = 0.04  # of the range: JPEG 2000 at 3:1 on a film with much noise


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
@pytest.mark.parametrize(
    ("write", "lossless", "columns"),
    [row[1:] for row in SYNTAXES],
    ids=[row[0] for row in SYNTAXES],
)
def test_a_film_comes_out_as_it_went_in(
    write: Write, lossless: bool, columns: frozenset[str], kind: Kind
) -> None:
    if kind.title not in columns:
        return
    film = read_dicom(write(kind))
    lost = largest_difference(film, kind)
    assert film.bits == kind.bits
    if lossless:
        assert lost == 0
    else:
        assert lost <= MOST_LOST * np.ptp(kind.source.astype(np.float64)) + 6


def test_a_film_that_differs_by_one_step_in_one_place_is_noticed() -> None:
    kind = KINDS[2]
    film = read_dicom(SYNTAXES[1][1](kind))
    other = film.stored.copy()
    other[20, 30] += 1
    object.__setattr__(film, "stored", other)
    assert largest_difference(film, kind) == 1


def test_the_document_has_the_table_as_measured() -> None:
    text = FILES.read_text(encoding="utf-8")
    lossless = table()[: 2 + sum(row[2] for row in SYNTAXES)]
    assert [line for line in lossless if line not in text] == []
