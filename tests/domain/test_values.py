"""Values are checked when built."""

import pickle
from datetime import UTC, datetime

import numpy as np
import pytest

from cxr_desktop.domain.assessment import LabelScore, OperatingPoints, Verdict
from cxr_desktop.domain.audit import GENESIS, AuditAction, AuditEvent, chain_hash
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.model_input import InputSpec
from cxr_desktop.domain.radiograph import PixelSpacing, Radiograph, StudyInfo, Window

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("probability", "verdict"),
    [
        (0.0, Verdict.NORMAL),
        (0.2999, Verdict.NORMAL),
        (0.3, Verdict.UNCERTAIN),
        (0.6999, Verdict.UNCERTAIN),
        (0.7, Verdict.ABNORMAL),
        (1.0, Verdict.ABNORMAL),
    ],
)
def test_a_probability_falls_into_its_zone(probability: float, verdict: Verdict) -> None:
    assert OperatingPoints(0.3, 0.7).verdict(probability) is verdict


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_what_is_no_probability_has_no_zone(probability: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        OperatingPoints(0.3, 0.7).verdict(probability)
    with pytest.raises(ValueError, match="outside"):
        LabelScore("abnormal", probability)


@pytest.mark.parametrize(("low", "high"), [(0.7, 0.3), (-0.1, 0.5), (0.5, 1.1)])
def test_operating_points_have_an_order(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="operating points"):
        OperatingPoints(low, high)


def test_study_texts_are_capped_and_lose_their_control_characters() -> None:
    study = StudyInfo(patient_name="Doe\x1b[31m\nJane" + "x" * 400)
    assert len(study.patient_name) <= 256
    assert "\x1b" not in study.patient_name
    assert "\n" not in study.patient_name


def test_joiners_stay_in_persian_names() -> None:
    assert StudyInfo(patient_name="علی\u200cرضا").patient_name == "علی\u200cرضا"


def test_film_pixels_cannot_be_changed_afterwards() -> None:
    film = Radiograph(np.zeros((2, 3), np.float32), "a" * 64, "a.png", "PNG")
    with pytest.raises(ValueError, match="read-only"):
        film.pixels[0, 0] = 1


@pytest.mark.parametrize(
    "pixels", [np.zeros((0, 3), np.float32), np.zeros((2, 2)), np.zeros((2, 2, 3), np.float32)]
)
def test_other_arrays_are_no_film(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="film pixels"):
        Radiograph(pixels, "a" * 64, "a.png", "PNG")


def test_a_window_needs_a_width_and_a_spacing_a_size() -> None:
    with pytest.raises(ValueError, match="unusable"):
        Window(0.5, 0.0)
    with pytest.raises(ValueError, match="spacing"):
        PixelSpacing(0.1, 0.0)
    with pytest.raises(ValueError, match="std"):
        InputSpec(std=(0.2, 0.0, 0.2))


def test_a_changed_event_changes_the_chain() -> None:
    event = AuditEvent(AuditAction.SIGN_IN, "ada", NOON, detail={"a": "1"})
    same = AuditEvent(AuditAction.SIGN_IN, "ada", NOON, detail={"a": "1"})
    other = AuditEvent(AuditAction.SIGN_IN, "ada", NOON, detail={"a": "2"})
    assert chain_hash(GENESIS, event) == chain_hash(GENESIS, same)
    assert chain_hash(GENESIS, event) != chain_hash(GENESIS, other)
    assert chain_hash(GENESIS, event) != chain_hash("1" * 64, event)


def test_a_broken_name_can_be_hashed() -> None:
    event = AuditEvent(AuditAction.SIGN_IN, "\udcff", NOON)
    assert len(chain_hash(GENESIS, event)) == 64


def test_an_event_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        AuditEvent(AuditAction.SIGN_IN, "ada", NOON.replace(tzinfo=None))


def test_a_refusal_survives_the_trip_between_processes() -> None:
    refusal = FilmRefused(RefusalCode.DAMAGED, "This file is cut.", hint="Export it again.")
    back = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - our own bytes
    assert (back.refusal, back.code, str(back)) == (
        RefusalCode.DAMAGED,
        "damaged",
        "This file is cut. Export it again.",
    )
