"""Answers written as DICOM, read again by pydicom, our own decoder and other people's tools."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ComprehensiveSRStorage, EncapsulatedPDFStorage, SecondaryCaptureImageStorage

from cxr_desktop.domain.assessment import DISCLAIMER, HeatMap, Verdict
from cxr_desktop.domain.dicom_out import UIDS_NEEDED, DicomOrder, DicomPart
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.history import ExamRecord, ExamView
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.review import Agreement, Review, ReviewKind
from cxr_desktop.domain.signing import ReaderReport, Signature
from cxr_desktop.imaging.capture_picture import draw_capture
from cxr_desktop.imaging.child_reader import ChildFilmReader
from cxr_desktop.imaging.dicom import parse, read_dicom
from cxr_desktop.imaging.dicom_out import task
from cxr_desktop.imaging.dicom_out.order import message_of
from cxr_desktop.imaging.dicom_stream import decode_frame, read_frame_tags
from cxr_desktop.imaging.registry import read_image
from tests.support.dicom_tools import run
from tests.support.examples import NOON, an_exam
from tests.support.film_files import dicom, encoded, ramp

pytest.importorskip("highdicom", reason="highdicom cannot be installed here")
PDF = b"%PDF-1.4\n% drawn for a test\n"
CAUTION = "Caution: Pixel spacing is that of the detector."  # of the exam that is written
ARABIC = "محمد^أحمد"
STUDY = {"StudyInstanceUID": "1.2.3.4", "SeriesInstanceUID": "1.2.3.4.5", "StudyID": "7"}

WRITTEN = [DicomPart.REPORT, DicomPart.PICTURE, DicomPart.PDF]

Files = dict[DicomPart, bytes]


@pytest.fixture(scope="module")
def writer() -> Iterator[ChildFilmReader]:
    made = ChildFilmReader()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("films") / "film.dcm"
    path.write_bytes(dicom(ramp(400, 300), **STUDY, StudyTime="101112"))
    return path


def an_answer(
    film: Path, *, probability: float = 0.912345678901234, study: StudyInfo | None = None
) -> ExamRecord:
    exam = an_exam(patient_name=ARABIC, probability=probability)
    heat = exam.assessment.heat_map
    assert heat is not None
    radiograph = read_image(film)
    seen = HeatMap(heat.values.copy(), FilmRegion(0, 0, radiograph.columns, radiograph.rows))
    return replace(
        exam,
        study=study or exam.study,
        film=replace(exam.film, file_format=radiograph.file_format, sha256=radiograph.sha256),
        assessment=replace(exam.assessment, heat_map=seen),
    )


def written(
    writer: ChildFilmReader,
    film: Path,
    exam: ExamRecord,
    *,
    picture: bool = True,
    said: ReaderReport | None = None,
) -> Files:
    drawn = draw_capture(read_image(film), exam, "0.1.0")
    order = DicomOrder(
        exam=ExamView.of(exam, with_result=True),
        now=NOON,
        program_version="0.1.0",
        uids=tuple(f"2.25.{uuid.uuid4().int}" for _ in range(UIDS_NEEDED)),
        picture=drawn if picture else None,
        pdf=PDF,
        said=said,
        organization="District Hospital",
    )
    return writer.write_dicom(film.read_bytes(), order)


@pytest.fixture(scope="module")
def files(writer: ChildFilmReader, film: Path) -> Files:
    return written(writer, film, an_answer(film))


def a_reading(*, name: str = "Dr Amina Khan", added: bool = True) -> ReaderReport:
    """A signed reading, an addendum that the signer made and one of somebody else."""
    review = Review("e1", "doc", NOON, Verdict.NORMAL, Agreement.DISAGREE, "Clear lungs.\nNothing.")
    addenda = tuple(
        replace(
            review,
            user=user,
            text=f"Addition of {user}: القلب",
            kind=ReviewKind.ADDENDUM,
            time=NOON + timedelta(minutes=minutes),
        )
        for user, minutes in (("rad", 5), ("admin", 9))
    )
    signature = Signature(
        "e1", "rad", name, NOON + timedelta(minutes=1), Verdict.NORMAL, 1, "ab" * 32
    )
    return ReaderReport(review, addenda if added else (), signature)


@pytest.fixture(scope="module")
def signed(writer: ChildFilmReader, film: Path) -> Files:
    return written(writer, film, an_answer(film), said=a_reading())


def tags(content: bytes) -> Dataset:
    return dcmread(BytesIO(content))


def texts(item: Dataset) -> Iterator[str]:
    """Yield every text of a tree of content items."""
    for name in ("TextValue", "UID"):
        if name in item:
            yield str(item[name].value)
    if "ConceptCodeSequence" in item:
        yield item.ConceptCodeSequence[0].CodeMeaning
    if "MeasuredValueSequence" in item:
        yield str(item.MeasuredValueSequence[0].NumericValue)
    for inner in item.get("ContentSequence", []):
        yield from texts(inner)


def test_all_objects_belong_to_the_films_study_and_patient_each_in_a_series_of_its_own(
    files: Files,
) -> None:
    made = [tags(content) for content in files.values()]
    assert {one.StudyInstanceUID for one in made} == {"1.2.3.4"}
    assert {one.StudyTime for one in made} == {"101112"}
    assert {str(one.PatientName) for one in made} == {ARABIC}
    assert {one.PatientID for one in made} == {"P-1"}
    series = {one.SeriesInstanceUID for one in made}
    assert len(series) == len(made) == 3
    assert "1.2.3.4.5" not in series
    assert [one.SOPClassUID for one in made] == [
        SecondaryCaptureImageStorage,
        ComprehensiveSRStorage,
        EncapsulatedPDFStorage,
    ]


def test_the_report_is_unverified_and_says_answer_number_model_and_who_decides(
    files: Files,
) -> None:
    report = tags(files[DicomPart.REPORT])
    assert report.VerificationFlag == "UNVERIFIED"
    assert report.PreliminaryFlag == "PRELIMINARY"
    assert "VerifyingObserverSequence" not in report
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "1500"
    said = list(texts(report))
    for words in ("Abnormal", "yolov5x-cls-cxr", "1.0", DISCLAIMER):
        assert words in said
    assert any("b" * 64 in words for words in said)
    assert any(words.startswith("0.9123456789") for words in said)


def test_report_and_picture_tell_the_cautions_that_stood_beside_the_answer(
    writer: ChildFilmReader, film: Path
) -> None:
    told = ("AP or bedside film: take the score with care.", "Not tested on infants.")
    cautions = tuple(Caution(f"code_{number}", words) for number, words in enumerate(told))
    made = written(writer, film, replace(an_answer(film), cautions=cautions))
    said = list(texts(tags(made[DicomPart.REPORT])))
    described = tags(made[DicomPart.PICTURE]).DerivationDescription
    for words in told:
        assert f"Caution: {words}" in said
        assert f"Caution: {words}" in described


def test_each_caution_has_its_lines_on_the_picture_none_cut_or_shrunk(film: Path) -> None:
    exam, radiograph = an_answer(film), read_image(film)
    short, long = Caution("short", "Mind this."), Caution("long", "Mind this of the film. " * 6)
    rows = {
        cautions: draw_capture(radiograph, replace(exam, cautions=cautions), "0.1.0").shape[0]
        for cautions in ((), (short,), (short, long))
    }
    none, one, both = rows.values()
    assert one > none
    assert both == none + 3 * (one - none)


def test_a_signed_report_is_verified_by_who_signed_and_by_who_added(signed: Files) -> None:
    report = tags(signed[DicomPart.REPORT])
    assert (report.VerificationFlag, report.PreliminaryFlag) == ("VERIFIED", "FINAL")
    observers = report.VerifyingObserverSequence
    assert [str(one.VerifyingObserverName) for one in observers] == ["Dr Amina Khan^", "admin^"]
    assert {one.VerifyingOrganization for one in observers} == {"District Hospital"}
    assert [verified(one) for one in observers] == [
        NOON + timedelta(minutes=5),
        NOON + timedelta(minutes=9),
    ]
    said = list(texts(report))
    assert "Verdict of the reader" in str(report)
    assert "Verdict of the model" in str(report)
    for words in ("Clear lungs.", "Signed by Dr Amina Khan", "ab" * 32, "Addition of admin: القلب"):
        assert any(words in one for one in said)


def verified(item: Dataset) -> datetime:
    moment = datetime.strptime(str(item.VerificationDateTime), "%Y%m%d%H%M%S%z")
    return moment.astimezone(UTC)


def test_a_reading_that_nobody_signed_is_told_and_verifies_nothing(
    writer: ChildFilmReader, film: Path
) -> None:
    unsigned = replace(a_reading(added=False), signature=None)
    report = tags(written(writer, film, an_answer(film), said=unsigned)[DicomPart.REPORT])
    assert report.VerificationFlag == "UNVERIFIED"
    assert "VerifyingObserverSequence" not in report
    assert any("Clear lungs." in one for one in texts(report))


def test_a_signers_name_cannot_break_the_file(writer: ChildFilmReader, film: Path) -> None:
    said = a_reading(name="Khan\\=^ " + "x" * 80)
    report = tags(written(writer, film, an_answer(film), said=said)[DicomPart.REPORT])
    name = str(report.VerifyingObserverSequence[0].VerifyingObserverName)
    assert name.startswith("Khan xxx")
    assert len(name) <= 65


def test_the_report_refers_to_the_film(files: Files, film: Path) -> None:
    report = tags(files[DicomPart.REPORT])
    (study,) = report.CurrentRequestedProcedureEvidenceSequence
    reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    original = dcmread(film)
    assert reference.ReferencedSOPInstanceUID == original.SOPInstanceUID
    assert reference.ReferencedSOPClassUID == original.SOPClassUID


@pytest.mark.parametrize(
    ("probability", "code"), [(0.1, "17621005"), (0.5, "42425007"), (0.9, "263654008")]
)
def test_each_verdict_has_its_code(
    writer: ChildFilmReader, film: Path, probability: float, code: str
) -> None:
    made = written(writer, film, an_answer(film, probability=probability))
    assert code in str(tags(made[DicomPart.REPORT]))


def test_the_picture_is_what_was_drawn_and_our_own_decoder_reads_it(
    files: Files, film: Path
) -> None:
    exam = an_answer(film)
    drawn = draw_capture(read_image(film), exam, "0.1.0")
    picture = tags(files[DicomPart.PICTURE])
    assert picture.BurnedInAnnotation == "YES"
    assert DISCLAIMER in picture.DerivationDescription
    assert np.array_equal(picture.pixel_array, drawn)
    dataset, syntax, _ = parse(files[DicomPart.PICTURE])
    grey = decode_frame(dataset, syntax, read_frame_tags(dataset))
    assert grey.shape == drawn.shape[:2]
    assert np.abs(grey.astype(float) - drawn @ [0.299, 0.587, 0.114]).max() <= 1


def test_a_picture_with_an_answer_on_it_is_not_read_as_a_film_again(files: Files) -> None:
    with pytest.raises(FilmRefused) as refused:
        read_dicom(files[DicomPart.PICTURE])
    assert refused.value.refusal is RefusalCode.NOT_A_RADIOGRAPH


def test_picture_and_pdf_refer_to_the_film_they_were_made_of(files: Files, film: Path) -> None:
    original = dcmread(film)
    for part, name in (
        (DicomPart.PICTURE, "SourceImageSequence"),
        (DicomPart.PDF, "SourceInstanceSequence"),
    ):
        (reference,) = tags(files[part])[name].value
        assert reference.ReferencedSOPInstanceUID == original.SOPInstanceUID
        assert reference.ReferencedSOPClassUID == original.SOPClassUID


def test_the_pdf_comes_back_byte_for_byte(files: Files) -> None:
    made = tags(files[DicomPart.PDF])
    assert bytes(made.EncapsulatedDocument[: made.EncapsulatedDocumentLength]) == PDF


def test_of_a_film_that_is_no_dicom_the_report_refers_to_the_picture(
    writer: ChildFilmReader, tmp_path: Path
) -> None:
    path = tmp_path / "film.png"
    path.write_bytes(encoded(".png", ramp(200, 150, top=255).astype(np.uint8)))
    exam = an_answer(path)
    first, second = (written(writer, path, exam) for _ in range(2))
    report, picture = tags(first[DicomPart.REPORT]), tags(first[DicomPart.PICTURE])
    (study,) = report.CurrentRequestedProcedureEvidenceSequence
    reference = study.ReferencedSeriesSequence[0].ReferencedSOPSequence[0]
    assert reference.ReferencedSOPInstanceUID == picture.SOPInstanceUID
    again = tags(second[DicomPart.PICTURE])
    assert again.StudyInstanceUID == picture.StudyInstanceUID
    assert again.SOPInstanceUID != picture.SOPInstanceUID
    with pytest.raises(FilmRefused, match="needs the picture"):
        written(writer, path, exam, picture=False)


def with_film(order: DicomOrder, film: Path) -> tuple[dict[str, Any], list[bytes]]:
    """The message as the program sends it."""
    header, parts = message_of(order)
    return header, [film.read_bytes(), *parts]


def test_without_highdicom_a_sentence_says_so_and_the_pdf_is_still_written(
    film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "find_spec", lambda _name: None)
    exam = an_answer(film)
    order = DicomOrder(
        exam=ExamView.of(exam, with_result=True),
        now=NOON,
        program_version="0.1.0",
        uids=tuple(f"2.25.{number}" for number in range(UIDS_NEEDED)),
        pdf=PDF,
    )
    with pytest.raises(FilmRefused, match="highdicom is missing"):
        task.write_answer(*with_film(order, film))
    names, _files = task.write_answer(*with_film(replace(order, report=False), film))
    assert names == {"names": ["pdf"]}


def test_an_identifier_that_dicom_has_no_room_for_is_left_out_not_cut(
    writer: ChildFilmReader, film: Path
) -> None:
    exam = an_answer(
        film, study=StudyInfo(patient_id="9" * 65, accession_number="A\\B", sex="unknown")
    )
    for content in written(writer, film, exam).values():
        made = tags(content)
        assert (made.PatientID, made.AccessionNumber, made.PatientSex) == ("", "", "")


def test_dciodvfy_finds_no_error_in_a_signed_report(signed: Files, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(signed[DicomPart.REPORT])
    assert [line for line in run("dciodvfy", path).splitlines() if "Error" in line] == []
    shown = run("dsr2html", path)
    for words in ("VERIFIED", "Amina Khan", "District Hospital", "Clear lungs."):
        assert words in shown


@pytest.mark.parametrize("part", WRITTEN)
def test_dciodvfy_finds_no_error(files: Files, part: DicomPart, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(files[part])
    assert [line for line in run("dciodvfy", path).splitlines() if "Error" in line] == []


@pytest.mark.parametrize("part", WRITTEN)
def test_dcmdump_reads_all_of_it(files: Files, part: DicomPart, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(files[part])
    said = run("dcmdump", path)
    assert "E: " not in said
    assert "ISO_IR 192" in said


def test_dsr2html_shows_the_answer_to_anybody(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "report.dcm"
    path.write_bytes(files[DicomPart.REPORT])
    said = run("dsr2html", path)
    for words in ("UNVERIFIED", "Abnormal", DISCLAIMER, "yolov5x-cls-cxr", CAUTION):
        assert words in said
    assert "E: " not in said


def test_dcm2pdf_gives_the_pdf_back(files: Files, tmp_path: Path) -> None:
    path = tmp_path / "made.dcm"
    path.write_bytes(files[DicomPart.PDF])
    run("dcm2pdf", path, tmp_path / "made.pdf")
    assert (tmp_path / "made.pdf").read_bytes().rstrip(b"\0") == PDF
