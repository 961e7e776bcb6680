"""The answer as a structured report of template TID 1500 (PS3.16), with the reader's part."""

from __future__ import annotations

from highdicom.sr import (
    AlgorithmIdentification,
    CodedConcept,
    ComprehensiveSR,
    DeviceObserverIdentifyingAttributes,
    Measurement,
    MeasurementReport,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    QualitativeEvaluation,
    RelationshipTypeValues,
    SourceImageForMeasurementGroup,
    TextContentItem,
    TrackingIdentifier,
)
from pydicom.dataset import Dataset

from cxr_desktop.imaging.dicom_out.common import MAKER, SERIES, as_file, stamp
from cxr_desktop.imaging.dicom_out.evidence import LONG, NAME
from cxr_desktop.imaging.dicom_out.order import AnswerFacts, ReaderFacts

OWN_SCHEME = "99CXRDESKTOP"
VERDICTS = {
    "normal": CodedConcept("17621005", "SCT", "Normal"),
    "abnormal": CodedConcept("263654008", "SCT", "Abnormal"),
    "uncertain": CodedConcept("42425007", "SCT", "Equivocal"),
}
READER_VERDICT = CodedConcept("reader_verdict", OWN_SCHEME, "Verdict of the reader")
VERDICT = CodedConcept("verdict", OWN_SCHEME, "Verdict of the model")
PROBABILITY = CodedConcept("p_abnormal", OWN_SCHEME, "P(abnormal) of the model")
CHEST = CodedConcept("399208008", "SCT", "Plain X-ray of chest")
COMMENT = CodedConcept("121106", "DCM", "Comment")
NO_DELIMITERS = str.maketrans(dict.fromkeys("^=\\", " "))
NO_UNITS = CodedConcept("1", "UCUM", "no units")


def structured_report(facts: AnswerFacts, film: Dataset, uids: list[str]) -> bytes:
    """Return the file; `film` is what it refers to, `uids` are its series, object, device, groups.

    `CompletionFlag` is COMPLETE. `VerificationFlag` is VERIFIED and `PreliminaryFlag` FINAL only
    where a person signed the report, who is then the verifying observer (with whoever added to it
    since); else UNVERIFIED and PRELIMINARY: no person has answered for it.
    """
    series, instance, device, group, reading = uids
    reader = facts.reader
    groups = [_answer(facts, film, group)]
    if reader is not None:
        groups.append(_reading(facts.exam_id, reader, film, reading))
    signers = reader.signers if reader is not None else ()
    content = MeasurementReport(
        observation_context=ObservationContext(observer_device_context=_observer(facts, device)),
        procedure_reported=CHEST,
        imaging_measurements=groups,
        title=CodedConcept("126000", "DCM", "Imaging Measurement Report"),
    )
    made = ComprehensiveSR(
        evidence=[film],
        content=content,
        series_instance_uid=series,
        series_number=SERIES,
        sop_instance_uid=instance,
        instance_number=1,
        manufacturer=MAKER,
        is_complete=True,
        is_verified=bool(signers),
        is_final=bool(signers),
        verifying_observer_name=person_name(signers[0][0]) if signers else None,
        verifying_organization=_organization(facts) if signers else None,
        series_description=f"CXR Desktop report. {facts.words}"[:64],
    )
    stamp(made, facts)
    made.CodingSchemeIdentificationSequence = [_own_scheme()]
    if signers:
        made.VerifyingObserverSequence = [_observer_of(facts, *signer) for signer in signers]
    return as_file(made)


def _observer(facts: AnswerFacts, device: str) -> ObserverContext:
    return ObserverContext(
        observer_type=CodedConcept("121007", "DCM", "Device"),
        observer_identifying_attributes=DeviceObserverIdentifyingAttributes(
            uid=device,
            name=MAKER,
            manufacturer_name=MAKER,
            model_name=f"{facts.model_id} {facts.model_version}"[:64],
            serial_number=facts.program_version,
        ),
    )


def _answer(facts: AnswerFacts, film: Dataset, group: str) -> MeasurementsAndQualitativeEvaluations:
    algorithm = AlgorithmIdentification(
        name=facts.model_id,
        version=facts.model_version,
        parameters=[
            f"SHA-256 of the network: {facts.model_sha256}",
            f"normal below {facts.normal_below:g}, abnormal from {facts.abnormal_from:g}",
        ],
    )
    measured = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid=group, identifier=f"exam {facts.exam_id}"),
        algorithm_id=algorithm,
        measurements=[Measurement(name=PROBABILITY, value=facts.probability, unit=NO_UNITS)],
        qualitative_evaluations=[
            QualitativeEvaluation(name=VERDICT, value=VERDICTS[facts.verdict])
        ],
        source_images=[SourceImageForMeasurementGroup.from_source_image(film)],
    )
    for words in (*facts.cautions, facts.words, facts.meaning, f"Answered {facts.answered}."):
        if words:
            measured[0].ContentSequence.append(
                TextContentItem(COMMENT, words, RelationshipTypeValues.CONTAINS)
            )
    return measured


def _reading(
    exam_id: str, reader: ReaderFacts, film: Dataset, group: str
) -> MeasurementsAndQualitativeEvaluations:
    """Say what the reader said, apart from the model's answer and without an algorithm."""
    said = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid=group, identifier=f"reading of {exam_id}"),
        qualitative_evaluations=[
            QualitativeEvaluation(name=READER_VERDICT, value=VERDICTS[reader.verdict])
        ],
        source_images=[SourceImageForMeasurementGroup.from_source_image(film)],
    )
    for words in reader.said:
        said[0].ContentSequence.append(
            TextContentItem(COMMENT, words, RelationshipTypeValues.CONTAINS)
        )
    return said


def person_name(name: str) -> str:
    """Return a name that was typed in one piece as a Person Name (PS3.5 6.2) of one component."""
    return f"{' '.join(name.translate(NO_DELIMITERS).split())[: NAME - 1]}^"


def _organization(facts: AnswerFacts) -> str:
    return " ".join(facts.organization.replace("\\", " ").split())[:LONG] or "not stated"


def _observer_of(facts: AnswerFacts, name: str, time: str) -> Dataset:
    """Return the item of a person who signed; time as DICOM has it (DT)."""
    item = Dataset()
    item.VerifyingOrganization = _organization(facts)
    item.VerificationDateTime = time
    item.VerifyingObserverName = person_name(name)
    item.VerifyingObserverIdentificationCodeSequence = []
    return item


def _own_scheme() -> Dataset:
    item = Dataset()
    item.CodingSchemeDesignator = OWN_SCHEME
    item.CodingSchemeName = "Codes of CXR Desktop"
    item.CodingSchemeResponsibleOrganization = "The CXR Desktop authors"
    return item
