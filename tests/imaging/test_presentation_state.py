"""Measurements over a film, read again by pydicom and shown by other people's tools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.dicom_out import UIDS_NEEDED, DicomOrder, Shape
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.negative import TURNED, turn_negative
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.display import as_first_shown
from cxr_desktop.imaging.map_contour import map_contour
from cxr_desktop.imaging.registry import read_image
from tests.support.dicom_tools import run
from tests.support.examples import NOON, an_exam
from tests.support.film_files import dicom, look_up_table, ramp

pytest.importorskip("highdicom", reason="highdicom cannot be installed here")
LINE = Shape("Length 12.0 mm", (((2.5, 1.0), (52.5, 31.0)),))
RATIO = Shape("CTR 0.60", (((5, 5), (30, 5)), ((1, 20), (50, 20))))
LUT = [look_up_table(0, np.linspace(0, 65535, 4096).astype(np.uint16) ** 1)]
FILMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "window": {"WindowCenter": 1500, "WindowWidth": 900},
    "exact": {"WindowCenter": 1500, "WindowWidth": 900, "VOILUTFunction": "LINEAR_EXACT"},
    "negative stored": {
        "PhotometricInterpretation": "MONOCHROME1",
        "WindowCenter": 1500,
        "WindowWidth": 2000,
    },
    "rescaled": {
        "RescaleIntercept": -100,
        "RescaleSlope": 0.5,
        "WindowCenter": 700,
        "WindowWidth": 900,
    },
    "broken window": {"WindowCenter": 9, "WindowWidth": 2},
    "look-up table": {"VOILUTSequence": LUT},
}


@pytest.fixture(scope="module")
def writer() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    made.warm_up()
    yield made
    made.close()


def written(writer: ChildFilmReader, film: Path, *shapes: Shape, turned: bool = False) -> Dataset:
    exam = an_exam()
    radiograph = read_image(film)
    exam = replace(
        exam,
        film=replace(exam.film, file_format="DICOM", sha256=radiograph.sha256),
        cautions=(TURNED,) if turned else (),
    )
    order = DicomOrder(
        exam=ExamView.of(exam, with_result=True),
        now=NOON,
        program_version="0.1.0",
        uids=tuple(f"2.25.{number}" for number in range(1, UIDS_NEEDED + 1)),
        report=False,
        shapes=shapes,
    )
    (content,) = writer.write_dicom(film.read_bytes(), order).values()
    return dcmread(BytesIO(content))


def a_film(folder: Path, **tags: Any) -> Path:
    path = folder / "film.dcm"
    given = {"StudyInstanceUID": "1.2.3.4", "SeriesInstanceUID": "1.2.3.4.5"} | tags
    path.write_bytes(dicom(ramp(), **given))
    return path


def test_lines_and_words_lie_where_they_were_drawn_and_refer_to_the_film(
    writer: ChildFilmReader, tmp_path: Path
) -> None:
    made = written(writer, a_film(tmp_path), LINE, RATIO)
    assert made.SOPClassUID == GrayscaleSoftcopyPresentationStateStorage
    assert (made.Modality, made.StudyInstanceUID) == ("PR", "1.2.3.4")
    assert made.PatientID == "P-1"
    (series,) = made.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == "1.2.3.4.5"
    assert series.ReferencedImageSequence[0].ReferencedSOPInstanceUID == "2.25.1"
    length, ratio = made.GraphicAnnotationSequence
    assert list(length.GraphicObjectSequence[0].GraphicData) == [2.5, 1.0, 52.5, 31.0]
    assert length.TextObjectSequence[0].UnformattedTextValue == "Length 12.0 mm"
    assert len(ratio.GraphicObjectSequence) == 2
    assert "qualified reader" in made.SeriesDescription


@pytest.mark.parametrize(
    ("tag", "point"),
    [
        (["L", "F"], (10, 4)),
        (["R", "F"], (50, 4)),
        (["L", "H"], (10, 36)),
        (["R", "H"], (50, 36)),
        (["F", "L"], (4, 10)),
        (["H", "R"], (56, 30)),
    ],
)
def test_on_a_film_that_was_turned_they_lie_where_the_stored_pixels_are(
    writer: ChildFilmReader, tmp_path: Path, tag: list[str], point: tuple[float, float]
) -> None:
    film = a_film(tmp_path, PatientOrientation=tag)
    shown = read_image(film).pixels
    made = written(writer, film, Shape("", (((10, 4), (10.5, 4.5)),)))
    data = made.GraphicAnnotationSequence[0].GraphicObjectSequence[0].GraphicData
    assert tuple(data[:2]) == point
    x, y = (data[0] + data[2]) / 2, (data[1] + data[3]) / 2  # the middle of the first half pixel
    stored = ramp().astype(float) / 4095
    assert stored[int(y), int(x)] == pytest.approx(float(shown[4, 10]), abs=0.01)


def test_a_contour_encloses_what_raised_the_score() -> None:
    values = np.full((7, 7), -1.0, np.float32)
    values[2, 5] = 3.0
    (line,) = map_contour(HeatMap(values, FilmRegion(10, 20, 140, 70)), 0.5)
    assert line[0] == line[-1]
    xs, ys = zip(*line, strict=True)
    assert np.mean(xs) == pytest.approx(10 + 5.5 * 20, abs=4)
    assert np.mean(ys) == pytest.approx(20 + 2.5 * 10, abs=2)
    assert (
        map_contour(HeatMap(np.full((7, 7), -1.0, np.float32), FilmRegion(0, 0, 9, 9)), 0.5) == ()
    )


def test_a_film_in_colour_gets_none_and_is_told_so(writer: ChildFilmReader, tmp_path: Path) -> None:
    path = tmp_path / "colour.dcm"
    grey = ramp(top=255).astype(np.uint8)
    path.write_bytes(dicom(np.repeat(grey[..., None], 3, axis=2)))
    with pytest.raises(FilmRefused, match="stored in colour"):
        written(writer, path, LINE)


@pytest.mark.parametrize("name", FILMS)
def test_dciodvfy_and_dcmpschk_find_no_error(
    writer: ChildFilmReader, tmp_path: Path, name: str
) -> None:
    made = written(writer, a_film(tmp_path, **FILMS[name]), LINE, RATIO)
    path = tmp_path / "state.dcm"
    made.save_as(path)
    assert [line for line in run("dciodvfy", path).splitlines() if "Error" in line] == []
    said = run("dcmpschk", path)
    assert "Test passed" in said
    assert "Error" not in said


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", FILMS)
def test_dcmtk_shows_the_film_as_it_is_shown_here(
    writer: ChildFilmReader, tmp_path: Path, name: str, turned: bool
) -> None:
    film = a_film(tmp_path, **FILMS[name], PatientOrientation=["L", "F"])
    written(writer, film, turned=turned).save_as(tmp_path / "state.dcm")
    out = tmp_path / "shown.pgm"
    run("dcmp2pgm", "-p", tmp_path / "state.dcm", film, out)
    theirs = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    assert theirs is not None
    radiograph = read_image(film)
    ours = as_first_shown(turn_negative(radiograph) if turned else radiograph)
    assert np.abs(theirs.astype(float) - ours).max() <= 2
