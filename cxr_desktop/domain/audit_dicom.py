"""What each event of the log is in the words of DICOM, for whoever reads many programs' logs.

DICOM PS3.15 A.5.3 says which messages there are, with their codes (PS3.16 CID 400, 401 and 403) and
which actions each allows; A.5.2 and IETF RFC 3881 5.1.4 say what the outcomes are.

TO ADD AN EVENT: a row of `AuditAction`, and its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cxr_desktop.domain.audit import AuditAction

# CID 400, Audit Event ID
AUDIT_LOG_USED, INSTANCES_ACCESSED, STUDY_DELETED = "110101", "110103", "110105"
EXPORT, IMPORT, PROCEDURE_RECORD = "110106", "110107", "110111"
SECURITY_ALERT, USER_AUTHENTICATION = "110113", "110114"
# CID 401 and 403, Audit Event Type Code
LOGIN, LOGOUT, EMERGENCY_OVERRIDE_STARTED = "110122", "110123", "110127"
NETWORK_CONFIGURATION, SECURITY_CONFIGURATION = "110128", "110129"
SOFTWARE_CONFIGURATION, USE_OF_RESTRICTED_FUNCTION = "110131", "110132"
AUDIT_RECORDING_STOPPED = "110133"
SECURITY_ROLES_CHANGED, USER_SECURITY_ATTRIBUTES_CHANGED = "110136", "110137"
# EventOutcomeIndicator
SUCCESS, MINOR_FAILURE, SERIOUS_FAILURE = 0, 4, 8


@dataclass(frozen=True, slots=True)
class DicomEvent:
    """EventID, EventTypeCode (empty: none), EventActionCode and EventOutcomeIndicator."""

    event: str
    kind: str
    action: Literal["C", "R", "U", "D", "E"]
    outcome: int = SUCCESS


def _changed(kind: str, outcome: int = SUCCESS) -> DicomEvent:
    """A.5.3.10: what concerns the security of the system, its accounts and its settings."""
    return DicomEvent(SECURITY_ALERT, kind, "E", outcome)


_READ, _OUT = DicomEvent(INSTANCES_ACCESSED, "", "R"), DicomEvent(EXPORT, "", "R")
_ADDED_TO = DicomEvent(PROCEDURE_RECORD, "", "U")

DICOM_EVENTS: Mapping[AuditAction, DicomEvent] = MappingProxyType(
    {
        AuditAction.SIGN_IN: DicomEvent(USER_AUTHENTICATION, LOGIN, "E"),
        AuditAction.SIGN_IN_FAILED: DicomEvent(USER_AUTHENTICATION, LOGIN, "E", MINOR_FAILURE),
        AuditAction.SIGN_OUT: DicomEvent(USER_AUTHENTICATION, LOGOUT, "E"),
        # events that waited at the door were lost, or made unreadable
        AuditAction.SECURITY_ALERT: _changed(AUDIT_RECORDING_STOPPED, SERIOUS_FAILURE),
        AuditAction.PASSWORD_CHANGED: _changed(USER_SECURITY_ATTRIBUTES_CHANGED),
        AuditAction.USER_ADDED: _changed(USER_SECURITY_ATTRIBUTES_CHANGED),
        AuditAction.USER_CHANGED: _changed(USER_SECURITY_ATTRIBUTES_CHANGED),
        AuditAction.GROUP_CHANGED: _changed(SECURITY_ROLES_CHANGED),
        AuditAction.SETTING_CHANGED: _changed(SOFTWARE_CONFIGURATION),
        AuditAction.MODEL_CHANGED: _changed(SOFTWARE_CONFIGURATION),
        # a film of a disc or a folder becomes an exam of this program
        AuditAction.FILM_CLASSIFIED: DicomEvent(IMPORT, "", "C"),
        AuditAction.FILM_REFUSED: DicomEvent(IMPORT, "", "C", MINOR_FAILURE),
        AuditAction.EXAM_VIEWED: _READ,
        AuditAction.EXAM_REVIEWED: _ADDED_TO,
        AuditAction.REPORT_SIGNED: _ADDED_TO,
        # put aside, not removed: it can be brought back
        AuditAction.EXAM_DELETED: DicomEvent(PROCEDURE_RECORD, "", "D"),
        AuditAction.EXAM_BROUGHT_BACK: _ADDED_TO,
        AuditAction.EXAMS_REMOVED: DicomEvent(STUDY_DELETED, "", "D"),
        AuditAction.FILMS_REMOVED: DicomEvent(INSTANCES_ACCESSED, "", "D"),
        AuditAction.HISTORY_EXPORTED: _OUT,
        AuditAction.FILM_LIST_SAVED: _OUT,
        AuditAction.REPORT_MADE: _OUT,  # A.5.3.4 counts paper as an export
        AuditAction.EXAM_EXPORTED: _OUT,
        AuditAction.FILMS_DEIDENTIFIED: _OUT,
        AuditAction.MODEL_EVALUATED: _READ,
        AuditAction.OPERATING_POINTS_CHOSEN: _changed(SOFTWARE_CONFIGURATION),
        AuditAction.EXAM_MEASURED: _ADDED_TO,
        AuditAction.EMERGENCY_ACCESS: _changed(EMERGENCY_OVERRIDE_STARTED),
        AuditAction.PERMISSION_DENIED: _changed(USE_OF_RESTRICTED_FUNCTION, SERIOUS_FAILURE),
        AuditAction.AUDIT_LOG_USED: DicomEvent(AUDIT_LOG_USED, "", "R"),
        AuditAction.BACKUP_MADE: _OUT,
        AuditAction.BACKUP_FAILED: DicomEvent(EXPORT, "", "R", SERIOUS_FAILURE),
        AuditAction.FOLDER_CHECKED: _READ,
        AuditAction.OTHER_COMPUTERS_USED: _changed(NETWORK_CONFIGURATION),
        AuditAction.SUPPORT_BUNDLE_MADE: _OUT,
        AuditAction.RESTORE_PREPARED: DicomEvent(IMPORT, "", "C"),
        AuditAction.RESTORE_GIVEN_UP: DicomEvent(IMPORT, "", "C", SERIOUS_FAILURE),
        AuditAction.RECOVERY_KEY_MADE: _changed(SECURITY_CONFIGURATION),
        AuditAction.RECOVERY_KEY_USED: _changed(SECURITY_CONFIGURATION),
    }
)
