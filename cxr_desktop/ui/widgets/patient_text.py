"""Patient and study values as a person reads them. The results are plain text, never markup."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.radiograph import StudyInfo


def person_name(name: str) -> str:
    """Turn DICOM's ``Family^Given^Middle^Prefix^Suffix`` into “Family, Given Middle”.

    Groups in other scripts (PS3.5 6.2.1, divided by ``=``) follow after a slash; a name without
    carets stays as it is.
    """
    groups = [_one_name(group) for group in name.split("=")]
    return " / ".join(group for group in groups if group)


def _one_name(group: str) -> str:
    parts = [part.strip() for part in group.split("^")]
    family, given = parts[0], " ".join(part for part in parts[1:3] if part)
    titles = " ".join(part for part in parts[3:5] if part)
    full = ", ".join(part for part in (family, given) if part)
    return f"{full} ({titles})" if titles else full


def date_text(day: date | None) -> str:
    """Write a date as 2026-03-01, which is read the same everywhere; empty for None."""
    return day.isoformat() if day is not None else ""


def age_text(age: str) -> str:
    """Write DICOM's age string (PS3.5 AS: ``056Y``) as “56 y”; anything else as it is."""
    if len(age) == 4 and age[:3].isdigit() and age[3] in "DWMY":
        return f"{int(age[:3])} {age[3].lower()}"
    return age


def view_text(study: StudyInfo) -> str:
    """Write modality, view position and side: “DX PA”; an unpaired part (U) has no side."""
    side = "" if study.laterality.upper() == "U" else study.laterality
    return " ".join(part for part in (study.modality, study.view_position, side) if part)


def sex_text(sex: str) -> str:
    """Write DICOM's F, M, O as words; anything else as it is."""
    words = {
        "F": QCoreApplication.translate("Patient", "Female"),
        "M": QCoreApplication.translate("Patient", "Male"),
        "O": QCoreApplication.translate("Patient", "Other"),
    }
    return words.get(sex.upper(), sex)
