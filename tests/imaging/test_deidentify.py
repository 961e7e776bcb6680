"""Films without their patient: what was planted is gone, what is needed stays."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit

from cxr_desktop.domain.deidentify import CleanFilm, CleanOrder, Deed, DeidOptions, MaskBox
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.deidentify.codes import LEAST_DAYS
from cxr_desktop.imaging.deidentify.profile import table
from cxr_desktop.imaging.dicom import read_dicom
from cxr_desktop.imaging.registry import read_image
from tests.support.film_files import compressed, dicom, encoded, jpeg_with_orientation, ramp
from tests.support.planted import planted_file

SECRET = bytes(range(32))
PATIENT = StudyInfo(patient_id="P-1", patient_name="Doe^Jane", study_date=date(2026, 2, 28))
BOTH = DeidOptions(shift_dates=True, keep_characteristics=True)


@pytest.fixture(scope="module")
def cleaner() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    made.warm_up()
    yield made
    made.close()


class Bench:
    """Cleans bytes as a film of the exam's patient."""

    def __init__(self, cleaner: ChildFilmReader) -> None:
        self._cleaner = cleaner

    def __call__(
        self,
        content: bytes,
        options: DeidOptions = DeidOptions(),  # noqa: B008 - frozen
        *boxes: MaskBox,
        study: StudyInfo = PATIENT,
        secret: bytes = SECRET,
    ) -> CleanFilm:
        order = CleanOrder(study, "a" * 64, options, secret, boxes)
        return self._cleaner.deidentify(content, order)


@pytest.fixture
def clean(cleaner: ChildFilmReader) -> Bench:
    return Bench(cleaner)


def place(element: DataElement) -> str:
    return f"({element.tag.group:04X},{element.tag.element:04X})"


def tags(film: CleanFilm) -> Dataset:
    return dcmread(BytesIO(film.content))


@pytest.mark.parametrize("options", [DeidOptions(), BOTH], ids=["profile", "both options"])
def test_nothing_planted_is_left_in_any_byte(clean: Bench, options: DeidOptions) -> None:
    content, marks = planted_file()
    assert len(marks) >= 80
    absent = [where for where, mark in marks.items() if mark not in content]
    assert absent == [], "the test must plant what it looks for"
    cleaned = clean(content, options).content
    assert [where for where, mark in marks.items() if mark in cleaned] == []
    assert b"ZQX" not in cleaned.upper()


def test_the_list_names_all_that_was_done_and_holds_nothing_of_the_patient(clean: Bench) -> None:
    content, _ = planted_file()
    changes = clean(content).changes
    by_name = {change.name: change for change in changes if "[" not in change.place}
    assert by_name["PatientName"].deed is Deed.REPLACED
    assert by_name["StudyDate"].deed is Deed.EMPTIED
    assert by_name["PatientAddress"].deed is Deed.REMOVED
    assert by_name["StudyInstanceUID"].deed is Deed.REPLACED
    assert by_name["File preamble"].deed is Deed.REPLACED
    nested = "(0040,0275)[0].(0040,0008)[0].(0040,0275)[0].(0010,0010)"
    assert nested in {change.place for change in changes}
    assert any(change.name == "private" for change in changes)
    assert "ZQX" not in repr(changes).upper()
    old = dcmread(BytesIO(content))
    gone = {change.place for change in changes}
    kept = {place(element) for element in tags(clean(content))}
    assert {place(element) for element in old} <= gone | kept


def test_the_film_looks_and_reads_as_before(clean: Bench) -> None:
    content = dicom(
        ramp(),
        WindowCenter=2000,
        WindowWidth=3000,
        ImagerPixelSpacing=[0.1, 0.2],
        ViewPosition="AP",
    )
    before, after = read_dicom(content), read_dicom(clean(content).content)
    shown = [film.radiograph("a" * 64, "x").pixels for film in (before, after)]
    assert np.array_equal(shown[0], shown[1])
    assert (before.window, before.spacing) == (after.window, after.spacing)
    assert after.study.view_position == "AP"
    assert after.study.patient_name.startswith("P-")


def test_uids_and_codes_are_the_same_within_an_export_and_new_in_the_next(clean: Bench) -> None:
    first, second = (
        dicom(ramp(), StudyInstanceUID="1.2.3", SOPInstanceUID=f"1.2.3.{n}") for n in (4, 5)
    )
    one, other, later = clean(first), clean(second), clean(first, secret=bytes(32))
    assert one.patient == other.patient != later.patient
    assert tags(one).PatientID == one.patient
    assert tags(one).StudyInstanceUID == tags(other).StudyInstanceUID
    assert tags(one).SOPInstanceUID != tags(other).SOPInstanceUID
    assert tags(one).StudyInstanceUID != tags(later).StudyInstanceUID
    assert tags(one).file_meta.MediaStorageSOPInstanceUID == tags(one).SOPInstanceUID


def test_dates_go_or_move_by_the_same_days_for_one_patient(clean: Bench) -> None:
    films = [
        dicom(ramp(), StudyDate=day, StudyTime="101112", AcquisitionDateTime=f"{day}1200")
        for day in ("20260228", "20260310")
    ]
    assert tags(clean(films[0])).StudyDate == ""
    first, second = (tags(clean(film, DeidOptions(shift_dates=True))) for film in films)
    days = [date.fromisoformat(str(film.StudyDate)) for film in (first, second)]
    assert (days[1] - days[0]).days == 10
    assert (date(2026, 2, 28) - days[0]).days >= LEAST_DAYS
    assert first.StudyTime == "101112"
    assert str(first.AcquisitionDateTime) == f"{first.StudyDate}1200"
    assert first.LongitudinalTemporalInformationModified == "MODIFIED"
    birth = clean(dicom(ramp(), PatientBirthDate="19470815"), DeidOptions(shift_dates=True))
    assert tags(birth).PatientBirthDate == ""
    other = clean(films[0], DeidOptions(shift_dates=True), study=StudyInfo(patient_id="P-2"))
    assert tags(other).StudyDate != first.StudyDate


def test_sex_age_size_and_weight_stay_on_request_and_the_oldest_are_one_group(
    clean: Bench,
) -> None:
    content = dicom(ramp(), PatientSex="F", PatientAge="097Y", PatientWeight="61.5")
    assert "PatientAge" not in tags(clean(content))
    assert tags(clean(content)).PatientSex == ""
    kept = tags(clean(content, DeidOptions(keep_characteristics=True)))
    assert (kept.PatientSex, kept.PatientAge, kept.PatientWeight) == ("F", "090Y", 61.5)
    values = [item.CodeValue for item in kept.DeidentificationMethodCodeSequence]
    assert values == ["113100", "113108"]


@pytest.mark.parametrize("orientation", [None, ["L", "F"], ["R", "F"], ["L", "H"], ["F", "L"]])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_a_box_is_black_where_it_is_seen(
    clean: Bench, orientation: list[str] | None, photometric: str
) -> None:
    content = dicom(ramp(), PatientOrientation=orientation, PhotometricInterpretation=photometric)
    before = read_dicom(content).radiograph("a" * 64, "x").pixels
    box = MaskBox(3, 5, 10, 7)
    film = clean(content, DeidOptions(), box)
    after = read_dicom(film.content).radiograph("a" * 64, "x").pixels
    assert (after[5:12, 3:13] == 0).all()
    outside = np.ones(before.shape, bool)
    outside[5:12, 3:13] = False
    assert np.abs(after[outside] - before[outside]).max() < 0.01
    assert tags(film).BurnedInAnnotation == "NO"
    assert film.changes[-1].deed is Deed.MASKED


def test_an_overlay_in_unused_bits_is_wiped(clean: Bench) -> None:
    pixels = ramp(top=4095) | 0xF000
    made = tags(clean(dicom(pixels)))
    assert int(made.pixel_array.max()) <= 4095
    assert np.array_equal(made.pixel_array, ramp(top=4095))


def test_a_comment_in_a_compressed_stream_is_gone_and_lossy_stays_said(clean: Bench) -> None:
    grey = ramp(top=255).astype(np.uint8)
    stream = encoded(".jpg", grey)
    comment = b"ZQXCOMMENT"
    stream = stream[:2] + b"\xff\xfe\x00\x0c" + comment + stream[2:]
    content = compressed(grey, stream, JPEGBaseline8Bit, LossyImageCompression="01")
    assert comment in content
    film = clean(content)
    assert comment not in film.content
    made = tags(film)
    assert made.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert made.LossyImageCompression == "01"


def test_a_raster_film_becomes_a_png_of_pixels_and_nothing_else(clean: Bench) -> None:
    grey = ramp(top=255).astype(np.uint8)
    photo = jpeg_with_orientation(grey, 3)
    photo = photo[:2] + b"\xff\xfe\x00\x0cZQXCOMMENT" + photo[2:]
    film = clean(photo, BOTH, MaskBox(0, 0, 5, 5))
    assert (film.ending, b"ZQX" in film.content, b"Exif" in film.content) == (".png", False, False)
    kinds = [film.content[place + 4 : place + 8] for place in _chunks(film.content)]
    assert set(kinds) <= {b"IHDR", b"IDAT", b"IEND", b"PLTE"}
    shown = cv2.imdecode(np.frombuffer(film.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert shown is not None
    assert (shown[:5, :5] == 0).all()
    assert "study_date" in film.facts
    assert film.facts["study_date"] < "2026-02-28"


def test_sixteen_bits_stay_sixteen_bits(clean: Bench, tmp_path: Path) -> None:
    content = encoded(".png", ramp(top=65535))
    film = clean(content)
    path = tmp_path / "made.png"
    path.write_bytes(film.content)
    (tmp_path / "before.png").write_bytes(content)
    assert read_image(path).bits == 16
    assert np.allclose(read_image(path).pixels, read_image(tmp_path / "before.png").pixels)


def _chunks(png: bytes) -> Iterator[int]:
    place = 8
    while place < len(png):
        yield place
        place += 12 + int.from_bytes(png[place : place + 4], "big")


def test_what_is_no_film_is_refused(clean: Bench) -> None:
    with pytest.raises(FilmRefused):
        clean(b"no film at all")
    with pytest.raises(FilmRefused):
        clean(dicom(ramp(), Modality="CT"))


def test_the_table_is_the_whole_of_the_standards_table() -> None:
    rows = table()
    assert len(rows) == 652
    assert set(rows.values()) == {"D", "Z", "X", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"}
    # A few rows by hand, from PS3.15 Table E.1-1.
    for tag, action in {
        0x00080050: "Z", 0x00184000: "X", 0x00080022: "X/Z", 0x0008002A: "X/Z/D",
        0x00100010: "Z", 0x0020000D: "U", 0x00400555: "X/Z", 0x00181000: "X/Z/D",
        0x00181400: "X/D", 0x0040A730: "D", 0x00102160: "X", 0xFFFAFFFA: "X",
    }.items():  # fmt: skip
        assert rows[tag] == action


@pytest.mark.parametrize("options", [DeidOptions(), BOTH], ids=["profile", "both options"])
def test_other_peoples_tools_read_the_film_and_find_no_name(
    clean: Bench, tmp_path: Path, options: DeidOptions
) -> None:
    if shutil.which("dcmdump") is None:
        pytest.skip("dcmdump (dcmtk) is not installed")
    content, _ = planted_file()
    path = tmp_path / "made.dcm"
    path.write_bytes(clean(content, options).content)
    done = subprocess.run(
        ["dcmdump", str(path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "E: " not in done.stderr
    assert "ZQX" not in done.stdout.upper()
    assert "Basic Application Confidentiality Profile" in done.stdout


def test_dciodvfy_finds_no_error_that_the_film_did_not_have(clean: Bench, tmp_path: Path) -> None:
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    content = dicom(
        ramp(),
        StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.4", SOPInstanceUID="1.2.3.5",
        StudyDate="20260228", StudyTime="101112", ContentDate="20260228", ContentTime="101112",
        AccessionNumber="A1", ReferringPhysicianName="A^B", StudyID="7", SeriesNumber=1,
        InstanceNumber=1, Manufacturer="Maker", PatientBirthDate="19470815", PatientSex="F",
        ImageType=["ORIGINAL", "PRIMARY", ""], Laterality="", ImageLaterality="U",
        PatientOrientation=["L", "F"], PresentationIntentType="FOR PRESENTATION",
        PixelIntensityRelationship="LOG", PixelIntensityRelationshipSign=1, RescaleIntercept=0,
        RescaleSlope=1, RescaleType="US", PresentationLUTShape="IDENTITY",
        LossyImageCompression="00", BurnedInAnnotation="NO", DetectorType="DIRECT",
        ImagerPixelSpacing=[0.1, 0.1], WindowCenter=2000, WindowWidth=4000, PositionerType="",
        DeviceSerialNumber="123", DetectorID="9",
    )  # fmt: skip
    found = []
    for data in (content, clean(content).content, clean(content, BOTH).content):
        path = tmp_path / "made.dcm"
        path.write_bytes(data)
        done = subprocess.run(
            ["dciodvfy", str(path)], capture_output=True, text=True, check=False, timeout=60
        )
        lines = (done.stdout + done.stderr).splitlines()
        found.append({line for line in lines if line.startswith("Error")})
    assert found[1] - found[0] == set()
    assert found[2] - found[0] == set()


def test_a_scanned_film_that_lacked_what_dicom_requires_has_it_afterwards(
    clean: Bench, tmp_path: Path
) -> None:
    if shutil.which("dciodvfy") is None:
        pytest.skip("dciodvfy (dicom3tools) is not installed")
    scan = "1.2.840.10008.5.1.4.1.1.7"
    pixels = ramp(top=255).astype(np.uint8)
    content = dicom(pixels, SOPClassUID=scan, Modality="CR", ViewPosition=None, PatientName=None)
    for data in (content, clean(content).content):
        path = tmp_path / "made.dcm"
        path.write_bytes(data)
        done = subprocess.run(
            ["dciodvfy", str(path)], capture_output=True, text=True, check=False, timeout=60
        )
        lines = (done.stdout + done.stderr).splitlines()
        errors = [line for line in lines if line.startswith("Error")]
        assert (errors == []) is (data is not content), errors
