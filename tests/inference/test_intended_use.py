from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.domain import ports
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo, Window
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.inference.intended_use import LEAST_SPREAD, age_in_years, check_film

CHECK: ports.FilmCheck = check_film


CHEST = draw_chest(320, 320, seed=1)


def _film(pixels: NDArray[np.float32], study: StudyInfo | None = None) -> Radiograph:
    return Radiograph(pixels, "0" * 64, "film.png", "PNG", study=study or StudyInfo())


def test_a_drawn_chest_passes_without_cautions() -> None:
    assert CHECK(_film(CHEST[:, 20:280])) == ()


@pytest.mark.parametrize("rows, columns", [(127, 300), (300, 127), (20, 20)])
def test_a_thumbnail_is_refused(rows: int, columns: int) -> None:
    with pytest.raises(FilmRefused, match="too small") as caught:
        check_film(_film(np.resize(CHEST, (rows, columns))))
    assert caught.value.refusal is RefusalCode.NOT_A_RADIOGRAPH


def test_a_strip_is_refused() -> None:
    with pytest.raises(FilmRefused, match="strip"):
        check_film(_film(np.tile(CHEST, (3, 1))))
    assert check_film(_film(np.tile(CHEST, (2, 1)))) == ()


@pytest.mark.parametrize("grey", [0.0, 0.5, 1.0])
def test_a_blank_film_is_refused_even_with_a_few_bright_pixels(grey: float) -> None:
    pixels = np.full((400, 400), grey, dtype=np.float32)
    pixels += np.random.default_rng(0).normal(0, 0.002, pixels.shape).astype(np.float32)
    pixels[10:20, 10:60] = 1.0
    with pytest.raises(FilmRefused, match="blank"):
        check_film(_film(np.clip(pixels, 0, 1)))


@pytest.mark.parametrize("pattern", ["stripe", "square", "noise"])
@pytest.mark.parametrize("share", [0.03, 0.049, 0.051, 0.06, 0.2])
def test_the_quick_look_decides_as_the_percentiles_of_all_pixels_do(
    pattern: str, share: float
) -> None:
    pixels = np.full((400, 400), 0.5, dtype=np.float32)
    part = round(400 * share)
    if pattern == "stripe":
        pixels[:part], pixels[-part:] = 0.0, 1.0
    elif pattern == "square":
        side = round(400 * share**0.5)
        pixels[:side, :side], pixels[-side:, -side:] = 0.0, 1.0
    else:
        greys = np.random.default_rng(3).random(pixels.shape)
        pixels[greys < share], pixels[greys > 1 - share] = 0.0, 1.0
    low, high = np.percentile(pixels, (5, 95))
    if high - low < LEAST_SPREAD:
        with pytest.raises(FilmRefused, match="blank"):
            check_film(_film(pixels))
    else:
        assert check_film(_film(pixels)) == ()


def test_a_narrow_window_does_not_make_a_film_blank() -> None:
    pixels = (CHEST * 0.03).astype(np.float32)
    film = Radiograph(pixels, "0" * 64, "film.dcm", "DICOM", window=Window(0.015, 0.03))
    assert check_film(film) == ()


@pytest.mark.parametrize("view", ["LL", "lateral", "RL"])
def test_a_side_view_is_refused(view: str) -> None:
    with pytest.raises(FilmRefused) as caught:
        check_film(_film(CHEST, StudyInfo(view_position=view)))
    assert caught.value.refusal is RefusalCode.NOT_FRONTAL


@pytest.mark.parametrize(
    "study, codes",
    [
        (StudyInfo(view_position="PA"), []),
        (StudyInfo(view_position="ap"), ["ap_view"]),
        (StudyInfo(study_description="Portable chest"), ["ap_view"]),
        (StudyInfo(age="003M"), ["infant"]),
        (StudyInfo(age="004Y"), []),
        (StudyInfo(age="006Y"), ["older_child"]),
        (StudyInfo(age="017Y"), ["older_child"]),
        (StudyInfo(age="018Y"), []),
        (StudyInfo(age="10 years"), []),
        (StudyInfo(view_position="AP", age="010D"), ["ap_view", "infant"]),
    ],
)
def test_cautions_follow_what_the_file_says(study: StudyInfo, codes: list[str]) -> None:
    assert [c.code for c in check_film(_film(CHEST, study))] == codes


def test_the_age_falls_back_to_the_dates() -> None:
    born = StudyInfo(birth_date=date(2020, 1, 1), study_date=date(2020, 7, 1))
    assert age_in_years(born) == pytest.approx(0.5, abs=0.01)
    assert age_in_years(StudyInfo(birth_date=date(2021, 1, 1), study_date=date(2020, 1, 1))) is None
