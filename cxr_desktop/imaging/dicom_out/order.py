"""A `DicomOrder` as the header and parts of a message, and the facts that the other side reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.dicom_out import DicomOrder, Shape
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.review import Review
from cxr_desktop.domain.signing import ReaderReport


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """What a reader said, with who and when in words; `signers` are (name, time as DICOM has it).

    Who signed comes first, then whoever added to the signed report, with their latest addendum.
    """

    verdict: str
    said: tuple[str, ...]
    signers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What is written of an exam, as plain values; days and times as DICOM has them (DA, TM).

    Patient texts are those kept with the exam. `made_*` is when the objects are written.
    """

    exam_id: str
    film_sha256: str
    is_dicom: bool
    patient_name: str
    patient_id: str
    birth_date: str
    sex: str
    study_date: str
    accession_number: str
    institution: str
    verdict: str
    probability: float
    normal_below: float
    abnormal_from: float
    meaning: str
    cautions: tuple[str, ...]
    words: str
    model_id: str
    model_version: str
    model_sha256: str
    program_version: str
    answered: str
    made_day: str
    made_time: str
    made_zone: str
    organization: str
    reader: ReaderFacts | None


def message_of(order: DicomOrder) -> tuple[dict[str, Any], list[bytes]]:
    """Return header and parts for the task "dicom_out", all but the film itself."""
    answer = order.exam.assessment
    assert answer is not None  # checked when the order was built
    study, made = order.exam.study, order.now.astimezone()
    facts = AnswerFacts(
        exam_id=order.exam.exam_id,
        film_sha256=order.exam.film.sha256,
        is_dicom=order.exam.film.file_format == "DICOM",
        patient_name=study.patient_name,
        patient_id=study.patient_id,
        birth_date=f"{study.birth_date:%Y%m%d}" if study.birth_date else "",
        sex=study.sex,
        study_date=f"{study.study_date:%Y%m%d}" if study.study_date else "",
        accession_number=study.accession_number,
        institution=study.institution,
        verdict=answer.verdict.value,
        probability=answer.probability,
        normal_below=answer.points.normal_below,
        abnormal_from=answer.points.abnormal_from,
        meaning=answer.meaning,
        cautions=tuple(map(str, order.exam.cautions)),
        words=DISCLAIMER,
        model_id=answer.model.id,
        model_version=answer.model.version,
        model_sha256=answer.model.sha256,
        program_version=order.program_version,
        answered=order.exam.time.isoformat(timespec="seconds"),
        made_day=f"{made:%Y%m%d}",
        made_time=f"{made:%H%M%S}",
        made_zone=f"{made:%z}",
        organization=order.organization,
        reader=_reader(order.said),
    )
    parts = {"picture": order.picture, "pdf": order.pdf}
    sent = {
        name: content if isinstance(content, bytes) else content.tobytes()
        for name, content in parts.items()
        if content is not None
    }
    header = {
        "facts": asdict(facts),
        "report": order.report,
        "uids": list(order.uids),
        "names": list(sent),
        "picture_shape": None if order.picture is None else list(order.picture.shape),
        "shapes": None if order.shapes is None else [asdict(shape) for shape in order.shapes],
        "turned": is_turned(order.exam.cautions),
    }
    return header, list(sent.values())


def facts_of(header: dict[str, Any]) -> AnswerFacts:
    """Return the facts of a header that `message_of` made."""
    values = dict(header["facts"])
    reader, cautions = values.pop("reader"), tuple(values.pop("cautions"))
    if reader is not None:
        signers = tuple((name, time) for name, time in reader["signers"])
        reader = ReaderFacts(reader["verdict"], tuple(reader["said"]), signers)
    return AnswerFacts(**values, cautions=cautions, reader=reader)


def shapes_of(header: dict[str, Any]) -> tuple[Shape, ...] | None:
    """Return the shapes of such a header; None where none were ordered."""
    if header["shapes"] is None:
        return None
    return tuple(
        Shape(one["words"], tuple(tuple((x, y) for x, y in line) for line in one["lines"]))
        for one in header["shapes"]
    )


def _reader(report: ReaderReport | None) -> ReaderFacts | None:
    if report is None:
        return None
    review, signature = report.review, report.signature
    said = [_said("Read", review), *(_said("Addendum", one) for one in report.addenda)]
    if signature is None:
        return ReaderFacts(review.verdict.value, tuple(said), ())
    signers = {signature.name: signature.time}
    for one in report.addenda:
        if one.time > signature.time:
            signers[signature.name if one.user == signature.user else one.user] = one.time
    words = f"Signed by {signature.name}, {_moment(signature.time)}. SHA-256 {signature.sha256}"
    said.insert(1, words)
    stamps = tuple((name, _dicom_time(time)) for name, time in signers.items())
    return ReaderFacts(review.verdict.value, tuple(said), stamps)


def _said(what: str, review: Review) -> str:
    words = f"{what} by {review.user}, {_moment(review.time)}"
    if what == "Read":
        words += f": {review.verdict.value}"
    return f"{words}. {review.text}" if review.text else f"{words}."


def _moment(time: datetime) -> str:
    return time.isoformat(timespec="seconds")


def _dicom_time(time: datetime) -> str:
    return f"{time.astimezone():%Y%m%d%H%M%S%z}"
