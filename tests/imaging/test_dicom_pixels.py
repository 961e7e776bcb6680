"""Grey as a function of the stored value: each rule on values worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.radiograph import FULL_WINDOW
from cxr_desktop.imaging.dicom_pixels import GreyTags, LookUpTable, WindowTag, grey_scale

STORED = np.arange(0, 4001, 10, dtype=np.uint16).reshape(1, -1)


def tags(**changes: Any) -> GreyTags:
    return replace(GreyTags(bits_stored=12, high_bit=11), **changes)


def test_the_used_range_becomes_0_to_1() -> None:
    scale = grey_scale(STORED, tags())
    assert scale.table[0] == 0
    assert scale.table[4000] == 1
    assert scale.table[1000] == pytest.approx(0.25)
    assert scale.window == FULL_WINDOW


def test_monochrome1_is_turned_once() -> None:
    scale = grey_scale(STORED, tags(monochrome1=True))
    assert (scale.table[0], scale.table[4000]) == (1, 0)


def test_a_negative_slope_and_monochrome1_turn_twice_which_is_not_at_all() -> None:
    scale = grey_scale(STORED, tags(monochrome1=True, slope=-2.0, intercept=5000.0))
    assert (scale.table[0], scale.table[4000]) == (0, 1)


def test_an_inverting_modality_table_and_monochrome1_cancel() -> None:
    table = LookUpTable(0.0, np.arange(4095.0, -1.0, -1.0))
    scale = grey_scale(STORED, tags(monochrome1=True, modality_lut=table))
    assert scale.table[0] < scale.table[1000] < scale.table[4000]


def test_a_voi_table_is_applied_into_the_pixels_and_goes_before_windows() -> None:
    table = LookUpTable(1000.0, np.array([0.0] * 1000 + [100.0] * 1001))
    scale = grey_scale(STORED, tags(voi_lut=table, windows=(WindowTag(5.0, 5.0),)))
    assert (scale.table[1990], scale.table[2000]) == (0, 1)
    assert scale.window == FULL_WINDOW
    assert scale.cautions == ()


def test_a_sigmoid_is_applied_into_the_pixels() -> None:
    scale = grey_scale(STORED, tags(windows=(WindowTag(2000.0, 1000.0),), function="SIGMOID"))
    expected = 1 / (1 + math.exp(-4 * (2500 - 2000) / 1000))
    assert scale.table[2500] == pytest.approx(expected, abs=1e-3)
    assert scale.table[2000] == pytest.approx(0.5, abs=1e-3)


def test_a_linear_window_reaches_from_half_a_step_below_its_centre() -> None:
    scale = grey_scale(STORED, tags(windows=(WindowTag(2000.5, 3001.0, "normal"),)))
    assert scale.window.low * 4000 == pytest.approx(500)
    assert scale.window.high * 4000 == pytest.approx(3500)
    assert scale.window.name == "normal"


def test_linear_exact_reaches_from_centre_less_half_the_width() -> None:
    window = WindowTag(2000.0, 3000.0)
    scale = grey_scale(STORED, tags(windows=(window,), function="LINEAR_EXACT"))
    assert scale.window.low * 4000 == pytest.approx(500)
    assert scale.window.high * 4000 == pytest.approx(3500)


def test_a_window_is_turned_with_monochrome1() -> None:
    window = WindowTag(1000.5, 2001.0)
    plain, turned = (
        grey_scale(STORED, tags(windows=(window,), monochrome1=is_turned))
        for is_turned in (False, True)
    )
    assert turned.window.low == pytest.approx(1 - plain.window.high)


def test_all_windows_are_kept_and_the_first_is_shown() -> None:
    two = (WindowTag(2000.5, 3001.0, "soft"), WindowTag(3000.5, 1001.0, "bone"))
    scale = grey_scale(STORED, tags(windows=two))
    assert [window.name for window in scale.windows] == ["soft", "bone"]
    assert scale.window == scale.windows[0]


@pytest.mark.parametrize(
    "window",
    [
        WindowTag(2000.0, 0.0),
        WindowTag(2000.0, -5.0),
        WindowTag(math.nan, 4000.0),
        WindowTag(2000.0, math.inf),
        WindowTag(60000.0, 100.0),
        WindowTag(200.0, 300.0),
    ],
)
def test_a_useless_window_is_replaced_and_said(window: WindowTag) -> None:
    scale = grey_scale(STORED, tags(windows=(window,)))
    assert [caution.code for caution in scale.cautions] == ["window_replaced"]
    assert scale.window.low == pytest.approx(0.005, abs=0.003)
    assert scale.window.high == pytest.approx(0.995, abs=0.003)


def test_padding_is_black_and_outside_the_scale() -> None:
    stored = np.concatenate([STORED, np.full((1, 50), 4095, np.uint16)], axis=1)
    for turned in (False, True):
        scale = grey_scale(stored, tags(padding=4095.0, monochrome1=turned))
        assert scale.table[4095] == 0
        assert scale.table[4000] == (0 if turned else 1)


def test_a_padding_range_is_masked_whole() -> None:
    scale = grey_scale(STORED, tags(padding=0.0, padding_limit=1000.0))
    assert scale.table[1000] == 0
    assert scale.table[1010] == 0
    assert scale.table[4000] == 1
    assert scale.table[2505] == pytest.approx(0.5, abs=0.001)


def test_high_bit_15_with_12_bits_stored_is_shifted() -> None:
    scale = grey_scale((STORED << 4).astype(np.uint16), tags(high_bit=15))
    assert scale.table[4000 << 4] == 1
    assert scale.table[1000 << 4] == pytest.approx(0.25)


def test_an_overlay_in_the_unused_bits_does_not_show() -> None:
    stored = STORED.copy()
    stored[0, ::7] |= 0x8000
    scale = grey_scale(stored, tags())
    assert scale.table[1000 | 0x8000] == scale.table[1000] == pytest.approx(0.25)


def test_signed_values_are_in_order() -> None:
    signed = np.arange(-2000, 2001, 10, dtype=np.int16).reshape(1, -1)
    scale = grey_scale(signed.view(np.uint16), tags(bits_stored=16, high_bit=15, signed=True))
    grey = scale.table[signed.view(np.uint16)]
    assert (np.diff(grey) > 0).all()
    assert grey[0, 200] == pytest.approx(0.5)


def test_signed_values_of_12_bits_are_extended_by_their_sign() -> None:
    signed = np.arange(-2000, 2001, 10, dtype=np.int16).reshape(1, -1)
    stored = (signed.view(np.uint16) & 0x0FFF).astype(np.uint16)
    grey = grey_scale(stored, tags(signed=True)).table[stored]
    assert (np.diff(grey) > 0).all()


def test_signed_padding_is_masked() -> None:
    signed = np.array([[-2000, -1000, 0, 1000]], dtype=np.int16).view(np.uint16)
    scale = grey_scale(signed, tags(bits_stored=16, high_bit=15, signed=True, padding=-2000.0))
    assert scale.table[signed[0]].tolist() == [0, 0, 0.5, 1]


@pytest.mark.parametrize("slope", [0.0, math.nan, math.inf])
def test_an_unusable_slope_is_left_aside_and_said(slope: float) -> None:
    scale = grey_scale(STORED, tags(slope=slope))
    assert scale.table[1000] == pytest.approx(0.25)
    assert [caution.code for caution in scale.cautions] == ["scale_ignored"]


def test_a_film_of_one_grey_is_refused() -> None:
    with pytest.raises(FilmRefused) as refused:
        grey_scale(np.full((4, 4), 7, np.uint16), tags())
    assert refused.value.refusal is RefusalCode.NO_PIXELS
