"""An exam as one row of the table `exams`, and back: `get` gives what `add` was given."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from cxr_desktop.domain.assessment import (
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Timings,
    Verdict,
)
from cxr_desktop.domain.history import ExamRecord, ExamRow, FilmRef, ReportState
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.review import Agreement
from cxr_desktop.storage.faults import damage
from cxr_desktop.storage.search_text import sort_key
from cxr_desktop.storage.texts import storable
from cxr_desktop.storage.times import day_of, day_text, time_of, time_text

Row = dict[str, Any]

LIST_COLUMNS = (
    "exam_id, time, user, patient_name, patient_id, file_name, film_sha256, model_id, model_version"
)
STUDY_TEXTS = (
    "patient_name",
    "patient_id",
    "sex",
    "age",
    "study_description",
    "accession_number",
    "study_uid",
    "modality",
    "body_part",
    "view_position",
    "laterality",
    "institution",
    "manufacturer",
    "patient_id_issuer",
)


def exam_row(record: ExamRecord, audit_seq: int) -> Row:
    """Return the values of `exams` by column name."""
    study = record.study
    return {
        "exam_id": record.exam_id,
        "audit_seq": audit_seq,
        "time": time_text(record.time),
        "user": record.user,
        "film_sha256": record.film.sha256,
        "file_name": storable(record.film.file_name),
        "file_format": record.film.file_format,
        "film_rows": record.film.rows,
        "film_columns": record.film.columns,
        **{name: storable(getattr(study, name)) for name in STUDY_TEXTS},
        "birth_date": day_text(study.birth_date),
        "study_date": day_text(study.study_date),
        **_answer(record.assessment),
        "program_version": record.program_version,
        "cautions": json.dumps([[c.code, c.message] for c in record.cautions]),
        "patient_key": sort_key(study.patient_name),
    }


def _answer(answer: Assessment) -> Row:
    return {
        "model_id": answer.model.id,
        "model_version": answer.model.version,
        "model_sha256": answer.model.sha256,
        "scores": json.dumps([[s.label, float(s.probability)] for s in answer.scores]),
        "probability": float(answer.probability),
        "verdict": answer.verdict.value,
        "normal_below": float(answer.points.normal_below),
        "abnormal_from": float(answer.points.abnormal_from),
        "device": answer.device,
        "meaning": answer.meaning,
        "read_ms": float(answer.timings.read),
        "prepare_ms": float(answer.timings.prepare),
        "infer_ms": float(answer.timings.infer),
    }


def heat_map_row(exam_seq: int, heat_map: HeatMap) -> Row:
    """Return the values of `heat_maps` by column name; the map as little-endian float32."""
    rows, columns = heat_map.values.shape
    return {
        "exam_seq": exam_seq,
        "map_rows": rows,
        "map_columns": columns,
        "region_x": heat_map.region.x,
        "region_y": heat_map.region.y,
        "region_width": heat_map.region.width,
        "region_height": heat_map.region.height,
        "content": heat_map.values.astype("<f4").tobytes(),
    }


def record_of(row: Row, heat_map: Row | None) -> ExamRecord:
    """Put the exam together again from its rows. Raises `StorageUnavailable` for damaged ones."""
    with damage():
        return _record(row, heat_map)


def _record(row: Row, heat_map: Row | None) -> ExamRecord:
    return ExamRecord(
        exam_id=row["exam_id"],
        time=time_of(row["time"]),
        user=row["user"],
        film=FilmRef(
            row["film_sha256"],
            row["file_name"],
            row["file_format"],
            row["film_rows"],
            row["film_columns"],
        ),
        study=StudyInfo(
            birth_date=day_of(row["birth_date"]),
            study_date=day_of(row["study_date"]),
            **{name: row[name] for name in STUDY_TEXTS},
        ),
        assessment=Assessment(
            model=ModelRef(row["model_id"], row["model_version"], row["model_sha256"]),
            scores=tuple(LabelScore(label, p) for label, p in json.loads(row["scores"])),
            verdict=Verdict(row["verdict"]),
            points=OperatingPoints(row["normal_below"], row["abnormal_from"]),
            device=row["device"],
            heat_map=None if heat_map is None else _heat_map(heat_map),
            meaning=row["meaning"],
            timings=Timings(row["read_ms"], row["prepare_ms"], row["infer_ms"]),
        ),
        program_version=row["program_version"],
        cautions=tuple(Caution(code, message) for code, message in json.loads(row["cautions"])),
    )


def _heat_map(row: Row) -> HeatMap:
    values = np.frombuffer(row["content"], dtype="<f4").astype(np.float32)
    return HeatMap(
        values.reshape(row["map_rows"], row["map_columns"]),
        FilmRegion(row["region_x"], row["region_y"], row["region_width"], row["region_height"]),
    )


def list_row(row: Row) -> ExamRow:
    """Return one line of the History list. Raises `StorageUnavailable` for a damaged one."""
    with damage():
        verdict, reader, agreement = row["verdict"], row["reader"], row["agreement"]
        values = {
            **{name: value for name, value in row.items() if name != "addended"},
            "time": time_of(row["time"]),
            "verdict": None if verdict is None else Verdict(verdict),
            "reader": None if reader is None else Verdict(reader),
            "agreement": None if agreement is None else Agreement(agreement),
            "state": _state(read=reader is not None, addended=row["addended"]),
        }
        return ExamRow(**values)


def _state(*, read: bool, addended: int | None) -> ReportState:
    """`addended` is None for a report that is not signed."""
    if addended is not None:
        return ReportState.ADDENDED if addended else ReportState.SIGNED
    return ReportState.READ if read else ReportState.NEW
