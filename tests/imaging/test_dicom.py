"""DICOM files: right pixels, right study, or one stated refusal."""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any

import cv2
import numpy as np
import pytest
from pydicom.uid import (
    MPEG2MPML,
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging import dicom as reader
from cxr_desktop.imaging.decoded import DecodedFilm, look_up
from cxr_desktop.imaging.dicom import read_dicom
from tests.support.encoded_films import by_gdcm, jpeg_2000, rle
from tests.support.film_files import (
    SECONDARY_CAPTURE,
    compressed,
    dataset,
    dicom,
    encoded,
    file_bytes,
    look_up_table,
    ramp,
)
from tests.support.htj2k_stream import HTJ2K_STREAM

GREY = ramp(top=255).astype(np.uint8)
EXPECTED = ramp() / 4095


def pixels(film: DecodedFilm) -> np.ndarray:
    return look_up(film.stored, film.table)


def refusal(data: bytes) -> FilmRefused:
    with pytest.raises(FilmRefused) as refused:
        read_dicom(data)
    return refused.value


def codes(film: DecodedFilm) -> list[str]:
    return [caution.code for caution in film.cautions]


@pytest.mark.parametrize(
    "syntax",
    [
        ExplicitVRLittleEndian,
        ImplicitVRLittleEndian,
        ExplicitVRBigEndian,
        DeflatedExplicitVRLittleEndian,
    ],
)
def test_uncompressed_16_bit_films_are_read(syntax: UID) -> None:
    data = file_bytes(dataset(ramp()), syntax)
    assert np.allclose(pixels(read_dicom(data)), EXPECTED, atol=1e-6)


@pytest.mark.parametrize("vr", ["OW", "OB"])
def test_big_endian_8_bit_films_are_read(vr: str) -> None:
    made = dataset(GREY)
    data = GREY.tobytes()
    made.PixelData = GREY.reshape(-1, 2)[:, ::-1].tobytes() if vr == "OW" else data
    made["PixelData"].VR = vr
    film = read_dicom(file_bytes(made, ExplicitVRBigEndian))
    assert np.array_equal(film.stored, GREY)


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGLSLossless])
def test_jpeg_lossless_films_are_bit_equal(syntax: UID) -> None:
    film = read_dicom(by_gdcm(dataset(ramp()), syntax))
    assert np.array_equal(film.stored, ramp())


@pytest.mark.parametrize("syntax", [JPEGLosslessSV1, JPEGLSLossless])
@pytest.mark.parametrize(("bits", "middle"), [(12, 2048), (16, 2000)])
def test_signed_compressed_films_are_read_in_order(syntax: UID, bits: int, middle: int) -> None:
    made = dataset(ramp().astype(np.int16) - middle, BitsStored=bits, HighBit=bits - 1)
    assert np.allclose(pixels(read_dicom(by_gdcm(made, syntax))), EXPECTED, atol=1e-6)


def test_jpeg_extended_of_12_bits_is_named() -> None:
    refused = refusal(by_gdcm(dataset(ramp()), JPEGExtended12Bit))
    assert refused.refusal is RefusalCode.UNSUPPORTED_COMPRESSION
    assert "JPEG extended with 12 bits" in refused.message


def test_a_stream_that_no_decoder_takes_names_its_compression() -> None:
    data = bytearray(by_gdcm(dataset(ramp()), JPEGLosslessSV1))
    table = data.index(b"\xff\xc4") + 5
    data[table : table + 16] = b"\xff" * 16
    refused = refusal(bytes(data))
    assert refused.refusal is RefusalCode.DAMAGED
    assert "JPEG Lossless" in refused.message


def test_a_jpeg_2000_film_is_bit_equal() -> None:
    film = read_dicom(compressed(ramp(), jpeg_2000(ramp(), bits=12), JPEG2000Lossless))
    assert np.array_equal(film.stored, ramp())


def test_an_rle_film_is_bit_equal() -> None:
    data = compressed(ramp(), rle(dataset(ramp())), RLELossless)
    assert np.array_equal(read_dicom(data).stored, ramp())


def test_a_jpeg_baseline_film_is_read() -> None:
    stream = encoded(".jpg", GREY, cv2.IMWRITE_JPEG_QUALITY, 100)
    film = read_dicom(compressed(GREY, stream, JPEGBaseline8Bit))
    assert np.abs(film.stored.astype(int) - GREY).max() <= 3


def test_a_colour_jpeg_film_becomes_its_luminance() -> None:
    colour = np.dstack([GREY, GREY, GREY])
    stream = encoded(".jpg", colour, cv2.IMWRITE_JPEG_QUALITY, 100)
    data = compressed(colour, stream, JPEGBaseline8Bit, PhotometricInterpretation="YBR_FULL_422")
    assert np.abs(read_dicom(data).stored.astype(int) - GREY).max() <= 4


def test_an_rgb_film_becomes_its_luminance() -> None:
    colour = np.dstack([GREY, GREY * 0, GREY * 0])
    film = read_dicom(dicom(colour))
    assert np.abs(film.stored - GREY * 0.299).max() <= 0.5


def test_palette_indexes_become_the_luminance_of_their_colours() -> None:
    entries = np.linspace(65535, 0, 256).astype("<u2")
    palette = {
        f"{name}PaletteColorLookupTable{part}": value
        for name in ("Red", "Green", "Blue")
        for part, value in (("Descriptor", [256, 0, 16]), ("Data", entries.tobytes()))
    }
    film = read_dicom(dicom(GREY, PhotometricInterpretation="PALETTE COLOR", **palette))
    assert np.allclose(pixels(film), 1 - GREY / 255, atol=2e-3)


def test_monochrome1_is_turned_once_whatever_the_presentation_shape_says() -> None:
    for shape in ("INVERSE", "IDENTITY"):
        film = read_dicom(
            dicom(ramp(), PhotometricInterpretation="MONOCHROME1", PresentationLUTShape=shape)
        )
        assert np.allclose(pixels(film), 1 - EXPECTED, atol=1e-6)


def test_an_inverting_voi_table_and_monochrome1_cancel() -> None:
    table = look_up_table(0, np.arange(4095, -1, -1).astype(np.uint16))
    film = read_dicom(
        dicom(ramp(), PhotometricInterpretation="MONOCHROME1", VOILUTSequence=[table])
    )
    assert np.allclose(pixels(film), EXPECTED, atol=1e-6)


def test_a_modality_table_is_applied() -> None:
    squares = (np.arange(4096) ** 2 // 4096).astype(np.uint16)
    film = read_dicom(dicom(ramp(), ModalityLUTSequence=[look_up_table(0, squares)]))
    assert np.abs(pixels(film) - EXPECTED**2).max() < 0.001


def test_a_window_in_rescaled_units_lands_on_the_pixels() -> None:
    film = read_dicom(
        dicom(ramp(), RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=3095.5, WindowWidth=4096)
    )
    assert film.window.low * 8190 - 1000 == pytest.approx(3095 - 4095 / 2)
    assert codes(film) == []


@pytest.mark.parametrize(
    ("centre", "width"), [(b"abc ", b"300 "), (b"2000", b"0 "), (b"nan ", b"1 ")]
)
def test_a_window_that_is_no_number_is_replaced_and_said(centre: bytes, width: bytes) -> None:
    data = dicom(ramp(), WindowCenter="1111", WindowWidth="2222")
    data = data.replace(b"DS\x04\x001111", b"DS" + bytes([len(centre), 0]) + centre)
    data = data.replace(b"DS\x04\x002222", b"DS" + bytes([len(width), 0]) + width)
    assert codes(read_dicom(data)) == ["window_replaced"]


def test_padding_bars_do_not_enter_the_scale() -> None:
    stored = ramp(top=3000) + 500
    stored[:, :6] = 4095
    film = read_dicom(dicom(stored, PixelPaddingValue=4095))
    assert pixels(film)[:, :6].max() == 0
    assert pixels(film)[-1, -1] == 1


def test_12_bits_at_the_high_end_of_the_word_are_shifted_down() -> None:
    film = read_dicom(dicom((ramp() << 4).astype(np.uint16), HighBit=15))
    assert np.allclose(pixels(film), EXPECTED, atol=1e-6)


def test_signed_pixels_are_read_in_order() -> None:
    signed = ramp().astype(np.int16) - 2000
    film = read_dicom(dicom(signed, BitsStored=16, HighBit=15))
    assert np.allclose(pixels(film), EXPECTED, atol=1e-6)


@pytest.mark.parametrize(
    ("orientation", "turn"),
    [
        (["L", "F"], lambda a: a),
        (["R", "F"], np.fliplr),
        (["L", "H"], np.flipud),
        (["R", "H"], lambda a: np.rot90(a, 2)),
        (["F", "L"], np.transpose),
        (["H", "R"], lambda a: np.rot90(a, 2).T),
        (["LP", "FR"], lambda a: a),
    ],
)
def test_a_film_is_turned_upright_by_its_orientation(orientation: list[str], turn: Any) -> None:
    upright = ramp()
    film = read_dicom(dicom(np.ascontiguousarray(turn(upright)), PatientOrientation=orientation))
    assert np.array_equal(film.stored, upright)
    assert ("orientation_turned" in codes(film)) == (
        orientation[0] not in {"L", "LP"} or orientation[1] == "H"
    )


def test_spacing_follows_a_film_on_its_side() -> None:
    film = read_dicom(dicom(ramp(), PatientOrientation=["F", "L"], ImagerPixelSpacing=[0.1, 0.2]))
    assert film.spacing is not None
    assert (film.spacing.row_mm, film.spacing.column_mm, film.spacing.at_detector) == (
        0.2,
        0.1,
        True,
    )


def test_the_study_is_read_and_capped() -> None:
    study = read_dicom(
        dicom(
            ramp(),
            PatientBirthDate="19600131",
            StudyDate="20260102",
            PatientAge="065Y",
            StudyDescription="x" * 900,
            AccessionNumber="A1",
        )
    ).study
    assert (study.patient_name, study.patient_id) == ("Drawn^Film", "DRAWN-1")
    assert study.patient_id_issuer == "Drawing room"
    assert (study.birth_date, study.study_date) == (date(1960, 1, 31), date(2026, 1, 2))
    assert len(study.study_description) == 256
    assert (study.modality, study.body_part, study.view_position) == ("DX", "CHEST", "PA")


def test_a_broken_tag_is_an_empty_one() -> None:
    data = dicom(ramp(), PatientBirthDate="20261399", ImagerPixelSpacing=[0, 0])
    film = read_dicom(data)
    assert film.study.birth_date is None
    assert film.spacing is None


@pytest.mark.parametrize("modality", ["CT", "MR", "US", "MG", "OT", "XX", ""])
def test_other_modalities_are_refused(modality: str) -> None:
    made = dicom(ramp(), Modality=modality, SOPClassUID=SECONDARY_CAPTURE)
    assert refusal(made).refusal is RefusalCode.NOT_A_RADIOGRAPH


@pytest.mark.parametrize(("modality", "read"), [("CR", True), ("DX", True), ("RG", False)])
def test_a_secondary_capture_is_read_only_where_it_says_cr_or_dx(
    modality: str, *, read: bool
) -> None:
    data = dicom(ramp(), Modality=modality, SOPClassUID=SECONDARY_CAPTURE)
    if read:
        assert read_dicom(data).study.modality == modality
    else:
        assert refusal(data).refusal is RefusalCode.NOT_A_RADIOGRAPH


@pytest.mark.parametrize("part", ["HAND", "SKULL", "ABDOMEN", "FOOT", "CSPINE"])
def test_other_body_parts_are_refused(part: str) -> None:
    assert refusal(dicom(ramp(), BodyPartExamined=part)).refusal is RefusalCode.NOT_A_CHEST


@pytest.mark.parametrize("part", ["CHEST", "Thorax", "LUNG", "CHEST_PA"])
def test_words_for_the_chest_are_read(part: str) -> None:
    assert read_dicom(dicom(ramp(), BodyPartExamined=part)).study.body_part == part


def test_an_unstated_body_part_is_read_with_a_caution() -> None:
    assert codes(read_dicom(dicom(ramp(), BodyPartExamined=None))) == ["body_part_unknown"]


@pytest.mark.parametrize(
    "tags",
    [
        {"ViewPosition": "LL"},
        {"ViewPosition": "RL"},
        {"ViewPosition": "LATERAL"},
        {"ViewPosition": "LLD"},
        {"ViewPosition": None, "SeriesDescription": "Chest lateral"},
        {"ViewPosition": None, "PatientOrientation": ["A", "F"]},
    ],
)
def test_other_views_are_refused(tags: dict[str, Any]) -> None:
    assert refusal(dicom(ramp(), **tags)).refusal is RefusalCode.NOT_FRONTAL


def test_a_frontal_film_of_a_pa_and_lateral_study_is_read() -> None:
    assert read_dicom(dicom(ramp(), SeriesDescription="Chest PA and lateral")).stored.any()


def test_children_and_ap_views_carry_cautions() -> None:
    film = read_dicom(dicom(ramp(), PatientAge="014M", ViewPosition="AP"))
    assert codes(film) == ["ap_view", "child"]


@pytest.mark.parametrize("frames", [3, 1_000_000])
def test_more_than_one_frame_is_refused_before_decoding(frames: int) -> None:
    made = dicom(ramp(), NumberOfFrames=frames)
    assert refusal(made).refusal is RefusalCode.MULTI_FRAME


def test_a_file_without_pixels_is_refused() -> None:
    made = dataset(ramp())
    del made.PixelData
    assert refusal(file_bytes(made)).refusal is RefusalCode.NO_PIXELS


@pytest.mark.parametrize(
    "tag", ["Rows", "Columns", "BitsAllocated", "PhotometricInterpretation", "SamplesPerPixel"]
)
def test_a_missing_mandatory_tag_is_damage(tag: str) -> None:
    made = dataset(ramp())
    delattr(made, tag)
    assert refusal(file_bytes(made)).refusal is RefusalCode.DAMAGED


@pytest.mark.parametrize("length", [0xFFFF_FFF0, 0x7FFF_FFFF, 1 << 20])
def test_a_length_beyond_the_end_of_the_file_is_a_refusal(length: int) -> None:
    data = dicom(ramp())
    at = data.index(b"\xe0\x7f\x10\x00OW") + 8  # Pixel Data
    long = data[:at] + length.to_bytes(4, "little") + data[at + 4 :]
    assert refusal(long[: at + 104]).refusal in {RefusalCode.DAMAGED, RefusalCode.NO_PIXELS}
    first = data.index(b"\x08\x00\x16\x00UI") + 4  # SOP Class UID becomes one huge value
    swallowed = data[:first] + b"OB\0\0" + length.to_bytes(4, "little") + data[first + 4 :]
    assert refusal(swallowed).hint


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_cut_file_is_damage(share: float) -> None:
    data = dicom(ramp())
    refused = refusal(data[: int(len(data) * share)])
    assert refused.refusal in {
        RefusalCode.DAMAGED,
        RefusalCode.NO_PIXELS,
        RefusalCode.NOT_A_RADIOGRAPH,
    }


def test_rows_beyond_the_limit_are_refused_before_decoding() -> None:
    assert refusal(dicom(ramp(), Rows=65500, Columns=65500)).refusal is RefusalCode.TOO_LARGE


def test_a_stream_larger_than_its_tags_is_refused() -> None:
    stream = bytearray(encoded(".jpg", GREY))
    at = stream.index(b"\xff\xc0") + 5
    stream[at : at + 4] = b"\xff\xdc\xff\xdc"
    data = compressed(GREY, bytes(stream), JPEGBaseline8Bit)
    assert refusal(data).refusal is RefusalCode.TOO_LARGE
    smaller = encoded(".jpg", GREY[:-1])
    assert refusal(compressed(GREY, smaller, JPEGBaseline8Bit)).refusal is RefusalCode.DAMAGED


@pytest.mark.parametrize("ended", [b"", b"\xff\xd9"])
def test_a_jpeg_cut_inside_dicom_is_refused(ended: bytes) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (200, 200), dtype=np.uint8)
    stream = encoded(".jpg", noise)
    data = compressed(noise, stream[: len(stream) // 2] + ended, JPEGBaseline8Bit)
    assert refusal(data).refusal is RefusalCode.DAMAGED


def test_a_jpeg_2000_cut_inside_dicom_is_refused() -> None:
    stream = jpeg_2000(ramp(200, 200), bits=12)
    data = compressed(ramp(200, 200), stream[: len(stream) // 2], JPEG2000Lossless)
    assert refusal(data).refusal is RefusalCode.DAMAGED


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("filled", [False, True])
def test_a_cut_htj2k_film_is_refused(share: float, *, filled: bool) -> None:
    kept = HTJ2K_STREAM[: int(len(HTJ2K_STREAM) * share)]
    filler = bytes(len(HTJ2K_STREAM) - len(kept) - 2) if filled else b""
    data = compressed(ramp(), kept + filler + b"\xff\xd9", HTJ2KLossless)
    assert refusal(data).refusal is RefusalCode.DAMAGED


def test_a_compression_without_a_decoder_is_named() -> None:
    refused = refusal(compressed(GREY, b"\0\0\0\x01", MPEG2MPML))
    assert refused.refusal is RefusalCode.UNSUPPORTED_COMPRESSION
    assert "MPEG2 Main Profile" in refused.message


def test_a_deflated_bomb_is_stopped_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = engine.compress(b"\0" * 5_000_000) + engine.flush()
    whole = file_bytes(dataset(ramp()), DeflatedExplicitVRLittleEndian)
    monkeypatch.setattr(reader, "MAX_INFLATED", 1_000_000)
    with pytest.raises(FilmRefused) as refused:
        reader.inflate(bomb)
    assert refused.value.refusal is RefusalCode.TOO_LARGE
    assert read_dicom(whole).stored.shape == (40, 60)


def test_deeply_nested_sequences_are_damage_not_a_crash() -> None:
    depth = 5000
    opening = b"\x08\x00\x10\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    closing = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0"
    data = dicom(ramp())
    start = data.index(b"\x08\x00\x16\x00UI")
    nested = data[:start] + opening * depth + closing * depth + data[start:]
    assert refusal(nested).refusal is RefusalCode.DAMAGED
