"""What a person types where a file says nothing of patient and study."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.radiograph import StudyInfo

OLDEST = date(1880, 1, 1)


@dataclass(frozen=True, slots=True)
class TypedStudy:
    """The texts as they stand in the fields; the names are those of `StudyInfo`."""

    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    study_date: str = ""
    accession_number: str = ""

    def problems(self, today: date) -> dict[str, str]:
        """Say what is wrong, by field; empty when everything may be stored."""
        found = {}
        for name in ("birth_date", "study_date"):
            text = getattr(self, name).strip()
            if not text:
                continue
            day = parse_date(text)
            if day is None or not OLDEST <= day <= today:
                found[name] = QCoreApplication.translate(
                    "TypedStudy", "Type a past date as 2026-03-31 or 31/03/2026."
                )
        return found

    def study(self) -> StudyInfo | None:
        """Return it as values, or None when nothing was typed. Check `problems` first."""
        if not any(getattr(self, field.name).strip() for field in fields(self)):
            return None
        return StudyInfo(
            patient_name=self.patient_name,
            patient_id=self.patient_id,
            birth_date=parse_date(self.birth_date),
            sex=self.sex,
            study_date=parse_date(self.study_date),
            accession_number=self.accession_number,
        )


TYPED_FIELDS = tuple(field.name for field in fields(TypedStudy))


def parse_date(text: str) -> date | None:
    """Read ``2026-03-31``, or day first: ``31/03/2026``, ``31.3.2026``; None for anything else."""
    text = text.strip()
    year_first = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text, re.ASCII)
    day_first = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII)
    if year_first:
        year, month, day = year_first.groups()
    elif day_first:
        day, month, year = day_first.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
