"""New names, UIDs and days: the same for the same thing within one export, and never again."""

from __future__ import annotations

import hmac
from datetime import date, timedelta
from hashlib import sha256

from cxr_desktop.domain.radiograph import StudyInfo

DIGITS = 12
LEAST_DAYS, MOST_DAYS = 30, 3650


class Codes:
    """Everything follows from a random secret that nobody keeps, so nothing leads back."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def patient(self, patient: str) -> str:
        """Return the code of a patient."""
        return f"P-{self._number('patient', patient):032x}"[: DIGITS + 2]

    def film(self, film: str) -> str:
        """Return the code of a film."""
        return f"F-{self._number('film', film):032x}"[: DIGITS + 2]

    def uid(self, uid: str) -> str:
        """Return the new UID (PS3.5 B.2: 2.25 and a number of 128 bits)."""
        return f"2.25.{self._number('uid', uid)}"

    def days(self, patient: str) -> int:
        """Return by how many days a patient's dates move back: 30 days to 10 years."""
        return LEAST_DAYS + self._number("days", patient) % (MOST_DAYS - LEAST_DAYS)

    def _number(self, what: str, of: str) -> int:
        digest = hmac.new(self._secret, f"{what}\0{of}".encode(), sha256).digest()
        return int.from_bytes(digest[:16])


def patient_key(study: StudyInfo, film_sha256: str) -> str:
    """Return what tells patients apart: number, else name and birth date, else study, else film."""
    if study.patient_id:
        return f"id\0{study.patient_id.casefold()}"
    if study.patient_name:
        return f"name\0{study.patient_name.casefold()}\0{study.birth_date}"
    return study.study_uid or film_sha256


def moved(day: date, days: int) -> date:
    """Return the day that many days earlier; the first day there is, at the earliest."""
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return date.min
