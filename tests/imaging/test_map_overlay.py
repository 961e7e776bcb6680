import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph, Window
from cxr_desktop.imaging.map_overlay import LONGEST_SIDE, draw_map, evidence


def drawn(
    values: NDArray[np.float32], region: FilmRegion, radiograph: Radiograph
) -> NDArray[np.uint8]:
    """Draw and decode again: uint8, (rows, columns, 3), blue first."""
    png = np.frombuffer(draw_map(radiograph, HeatMap(values, region)), np.uint8)
    picture = cv2.imdecode(png, cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


def film(rows: int, columns: int, grey: float = 0.5, window: Window | None = None) -> Radiograph:
    pixels = np.full((rows, columns), grey, dtype=np.float32)
    return Radiograph(pixels, "a" * 64, "film.png", "PNG", window=window or Window())


def cells(row: int, column: int, value: float) -> NDArray[np.float32]:
    """One cell of seven by seven."""
    values = np.zeros((7, 7), dtype=np.float32)
    values[row, column] = value
    return values


def coloured(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where the three channels differ."""
    spread = picture.max(axis=2).astype(int) - picture.min(axis=2)
    return np.asarray(spread > 20)


def test_what_raised_the_score_is_coloured_where_it_was() -> None:
    where = coloured(drawn(cells(1, 5, 3.0), FilmRegion(0, 0, 280, 210), film(210, 280)))
    rows, columns = np.nonzero(where)
    assert 30 <= rows.mean() <= 60  # the middle of the second of seven rows is 45
    assert 200 <= columns.mean() <= 240  # the middle of the sixth of seven columns is 220
    assert 0 < where.mean() < 0.15


@pytest.mark.parametrize("value", [0.0, -5.0])
def test_what_lowered_the_score_stays_grey(value: float) -> None:
    picture = drawn(cells(3, 3, value), FilmRegion(0, 0, 70, 70), film(70, 70))
    assert np.ptp(picture) <= 1
    assert abs(int(picture[0, 0, 0]) - 128) <= 1


def test_a_map_covers_only_its_region_of_the_film() -> None:
    everywhere = np.full((7, 7), 2.0, dtype=np.float32)
    where = coloured(drawn(everywhere, FilmRegion(100, 0, 200, 200), film(200, 400)))
    assert where[:, 101:299].all()
    assert not where[:, :99].any()
    assert not where[:, 301:].any()


def test_little_evidence_is_not_blown_up_to_full_colour() -> None:
    weak = evidence(HeatMap(cells(3, 3, 0.05), FilmRegion(0, 0, 7, 7)), 7, 7)
    strong = evidence(HeatMap(cells(3, 3, 5.0), FilmRegion(0, 0, 7, 7)), 7, 7)
    assert weak.max() == pytest.approx(0.1)
    assert strong.max() == pytest.approx(1.0)


@pytest.mark.parametrize(("rows", "columns"), [(3000, 2500), (16, 4000), (200, 100), (1, 1)])
def test_the_picture_keeps_the_films_shape_within_its_limit(rows: int, columns: int) -> None:
    picture = drawn(cells(3, 3, 1.0), FilmRegion(0, 0, columns, rows), film(rows, columns))
    scale = min(1.0, LONGEST_SIDE / max(rows, columns))
    assert picture.shape[:2] == (max(1, round(rows * scale)), max(1, round(columns * scale)))


def test_the_film_is_shown_through_its_window() -> None:
    narrow = film(70, 70, grey=0.5, window=Window(centre=0.25, width=0.5))
    picture = drawn(cells(0, 0, 0.0), FilmRegion(0, 0, 70, 70), narrow)
    assert picture.min() == 255


def test_a_region_at_the_edge_of_a_much_reduced_film_is_no_error() -> None:
    picture = drawn(cells(3, 3, 1.0), FilmRegion(7999, 0, 1, 1), film(10, 8000))
    assert picture.shape == (1, 1024, 3)
