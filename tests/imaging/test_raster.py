"""PNG, JPEG and TIFF: right pixels or a stated refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging import tiff_deflate
from cxr_desktop.imaging.decoded import DecodedFilm, look_up
from cxr_desktop.imaging.raster import read_jpeg, read_png, read_tiff
from tests.support.film_files import (
    encoded,
    jpeg_with_orientation,
    png_chunk,
    png_claiming,
    ramp,
    tiff,
)

LZW, JPEG, DEFLATE = 5, 7, 8  # TIFF 6.0, Compression
GREY = ramp(top=255).astype(np.uint8)
TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.rot90(a, 2).T,
    8: np.rot90,
}


def pixels(film: DecodedFilm) -> np.ndarray:
    return look_up(film.stored, film.table)


def code(read: Callable[[bytes], DecodedFilm], data: bytes) -> RefusalCode:
    with pytest.raises(FilmRefused) as refused:
        read(data)
    return refused.value.refusal


def test_a_png_of_8_bits_is_divided_by_255() -> None:
    film = read_png(encoded(".png", GREY // 2))
    assert np.allclose(pixels(film), (GREY // 2) / 255, atol=1e-7)
    assert film.bits == 8


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_12_bits_in_16_are_scaled_by_the_used_range(suffix: str) -> None:
    stored = ramp() + 100
    film = (read_png if suffix == ".png" else read_tiff)(encoded(suffix, stored))
    assert np.allclose(pixels(film), (stored - 100.0) / 4095, atol=1e-6)
    assert film.bits == 16


def test_a_colour_png_is_read_as_its_luminance() -> None:
    film = read_png(encoded(".png", np.dstack([GREY, GREY, GREY])))
    assert np.abs(pixels(film) - GREY / 255).max() < 0.006


def test_transparent_parts_of_a_png_are_black() -> None:
    alpha = np.full_like(GREY, 255)
    alpha[:20] = 0
    film = read_png(encoded(".png", np.dstack([GREY, GREY, GREY, alpha])))
    assert pixels(film)[:20].max() == 0
    assert np.abs(pixels(film)[20:] - GREY[20:] / 255).max() < 0.006


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_jpeg_is_turned_as_its_exif_says(orientation: int) -> None:
    film = read_jpeg(jpeg_with_orientation(GREY, orientation))
    expected = TURNS[orientation](GREY) / 255
    assert pixels(film).shape == expected.shape
    assert np.abs(pixels(film) - expected).max() < 0.02


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_is_turned_as_its_tag_says(orientation: int, order: Literal["<", ">"]) -> None:
    film = read_tiff(tiff(ramp(), order=order, t274=orientation))
    assert np.allclose(pixels(film), TURNS[orientation](ramp()) / 4095, atol=1e-6)


def test_a_tiff_of_8_bits_in_which_0_is_white_is_inverted_once() -> None:
    assert np.allclose(pixels(read_tiff(tiff(GREY, t262=0))), 1 - GREY / 255, atol=1e-6)


def test_a_tiff_of_16_bits_in_which_0_is_white_is_inverted_once() -> None:
    assert np.allclose(pixels(read_tiff(tiff(ramp(), t262=0))), 1 - ramp() / 4095, atol=1e-6)


def test_a_tiff_of_two_pages_is_refused() -> None:
    assert code(read_tiff, tiff(GREY, next_page=8)) is RefusalCode.MULTI_FRAME


def test_a_tiff_with_signed_samples_is_refused() -> None:
    assert code(read_tiff, tiff(ramp(), t339=2)) is RefusalCode.UNSUPPORTED_FORMAT


def test_a_tiff_compression_without_a_decoder_is_named() -> None:
    with pytest.raises(FilmRefused, match="fax G4") as refused:
        read_tiff(tiff(GREY, t259=4))
    assert refused.value.refusal is RefusalCode.UNSUPPORTED_COMPRESSION


def test_a_tiff_that_says_more_rows_than_it_holds_is_refused() -> None:
    assert code(read_tiff, tiff(GREY, t257=4000, t278=4000)) is RefusalCode.DAMAGED


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_a_cut_picture_is_refused(suffix: str, share: float) -> None:
    whole = encoded(suffix, GREY)
    read = {".png": read_png, ".jpg": read_jpeg, ".tif": read_tiff}[suffix]
    assert code(read, whole[: max(12, int(len(whole) * share))]) is RefusalCode.DAMAGED


def test_a_cut_jpeg_after_a_good_one_shows_nothing_of_the_good_one() -> None:
    other = encoded(".jpg", 255 - GREY)
    read_jpeg(encoded(".jpg", GREY))
    assert code(read_jpeg, other[: len(other) // 2]) is RefusalCode.DAMAGED


def test_a_jpeg_whose_data_stop_early_before_an_end_marker_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    whole = encoded(".jpg", noise)
    assert code(read_jpeg, whole[: len(whole) // 2] + b"\xff\xd9") is RefusalCode.DAMAGED


def test_bytes_after_a_jpeg_do_no_harm() -> None:
    assert read_jpeg(encoded(".jpg", GREY) + b"\0" * 50).stored.shape == GREY.shape


def test_a_jpeg_with_a_restart_missing_is_refused() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    whole = encoded(".jpg", noise, cv2.IMWRITE_JPEG_RST_INTERVAL, 3)
    marker = whole.index(b"\xff\xd3")
    following = whole.index(b"\xff\xd4", marker)
    assert code(read_jpeg, whole[:marker] + whole[following:]) is RefusalCode.DAMAGED


@pytest.mark.parametrize("at", [0.3, 0.6, 0.8])
@pytest.mark.parametrize("compression", [LZW, JPEG, DEFLATE])
@pytest.mark.parametrize("strip", [200, 64])
def test_a_blank_sector_in_a_packed_tiff_is_refused(
    compression: int, strip: int, at: float
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300), dtype=np.uint8)
    options = (cv2.IMWRITE_TIFF_COMPRESSION, compression, cv2.IMWRITE_TIFF_ROWSPERSTRIP, strip)
    whole = encoded(".tif", noise, *options)
    start = int(len(whole) * at)
    assert code(read_tiff, whole[:start] + bytes(512) + whole[start + 512 :]) is RefusalCode.DAMAGED


def test_a_deflated_tiff_that_swells_is_stopped_at_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = encoded(".tif", GREY, cv2.IMWRITE_TIFF_COMPRESSION, DEFLATE)
    monkeypatch.setattr(tiff_deflate, "MAX_INFLATED", GREY.size)
    assert read_tiff(whole).stored.shape == GREY.shape
    monkeypatch.setattr(tiff_deflate, "MAX_INFLATED", GREY.size - 1)
    assert code(read_tiff, whole) is RefusalCode.TOO_LARGE


@pytest.mark.parametrize("progressive", [0, 1])
def test_baseline_and_progressive_jpeg_are_read(progressive: int) -> None:
    film = read_jpeg(encoded(".jpg", GREY, cv2.IMWRITE_JPEG_PROGRESSIVE, progressive))
    assert np.abs(pixels(film) - GREY / 255).max() < 0.05


def test_a_jpeg_kind_without_a_decoder_is_named() -> None:
    data = bytearray(encoded(".jpg", GREY))
    data[data.index(b"\xff\xc0") + 1] = 0xC9
    with pytest.raises(FilmRefused, match="arithmetic") as refused:
        read_jpeg(bytes(data))
    assert refused.value.refusal is RefusalCode.UNSUPPORTED_COMPRESSION


def test_a_flipped_bit_in_a_png_is_refused() -> None:
    data = bytearray(encoded(".png", GREY))
    data[len(data) // 2] ^= 1
    assert code(read_png, bytes(data)) is RefusalCode.DAMAGED


def test_an_animated_png_is_refused() -> None:
    data = encoded(".png", GREY)
    moving = data[:33] + png_chunk(b"acTL", b"\0\0\0\x02\0\0\0\0") + data[33:]
    assert code(read_png, moving) is RefusalCode.MULTI_FRAME


@pytest.mark.parametrize("side", [30_000, 60_000])
def test_a_png_bomb_is_refused_by_its_header(side: int) -> None:
    assert code(read_png, png_claiming(side, side)) is RefusalCode.TOO_LARGE


def test_a_jpeg_bomb_is_refused_by_its_header() -> None:
    data = bytearray(encoded(".jpg", GREY))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = b"\xff\xdc\xff\xdc"
    assert code(read_jpeg, bytes(data)) is RefusalCode.TOO_LARGE


def test_a_tiff_bomb_is_refused_by_its_header() -> None:
    bomb = tiff(GREY, t256=60000, t257=60000, t259=5)
    assert code(read_tiff, bomb) is RefusalCode.TOO_LARGE


def test_a_picture_of_one_grey_is_refused() -> None:
    assert code(read_png, encoded(".png", np.full((30, 30), 9, np.uint8))) is RefusalCode.NO_PIXELS
