"""The log's words are DICOM's: every event against the standard's codes, one by one."""

from typing import cast

import pytest
from pydicom.sr._concepts_dict import concepts

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.audit_dicom import DICOM_EVENTS

DCM = cast("dict[str, dict[str, tuple[str, list[int]]]]", concepts["DCM"])
CODES = {code: said for codes in DCM.values() for code, said in codes.items()}
# What each message may say is done: PS3.15 A.5.3.2 to A.5.3.12, “EventActionCode”.
ALLOWED = {
    "Audit Log Used": "R",
    "DICOM Instances Accessed": "CRUD",
    "DICOM Study Deleted": "D",
    "Export": "R",
    "Import": "C",
    "Procedure Record": "CRUD",
    "Security Alert": "E",
    "User Authentication": "E",
}
OUTCOMES = {0, 4, 8, 12}
# What an event is, by the standard's words: message, type, action, outcome.
STANDARD = {
    "sign_in": ("User Authentication", "Login", "E", 0),
    "sign_in_failed": ("User Authentication", "Login", "E", 4),
    "sign_out": ("User Authentication", "Logout", "E", 0),
    "security_alert": ("Security Alert", "Audit Recording Stopped", "E", 8),
    "password_changed": ("Security Alert", "User Security Attributes Changed", "E", 0),
    "user_added": ("Security Alert", "User Security Attributes Changed", "E", 0),
    "user_changed": ("Security Alert", "User Security Attributes Changed", "E", 0),
    "group_changed": ("Security Alert", "Security Roles Changed", "E", 0),
    "setting_changed": ("Security Alert", "Software Configuration", "E", 0),
    "model_changed": ("Security Alert", "Software Configuration", "E", 0),
    "film_classified": ("Import", "", "C", 0),
    "film_refused": ("Import", "", "C", 4),
    "exam_viewed": ("DICOM Instances Accessed", "", "R", 0),
    "exam_reviewed": ("Procedure Record", "", "U", 0),
    "report_signed": ("Procedure Record", "", "U", 0),
    "exam_deleted": ("Procedure Record", "", "D", 0),
    "exam_brought_back": ("Procedure Record", "", "U", 0),
    "exams_removed": ("DICOM Study Deleted", "", "D", 0),
    "films_removed": ("DICOM Instances Accessed", "", "D", 0),
    "history_exported": ("Export", "", "R", 0),
    "film_list_saved": ("Export", "", "R", 0),
    "report_made": ("Export", "", "R", 0),
    "exam_exported": ("Export", "", "R", 0),
    "films_deidentified": ("Export", "", "R", 0),
    "model_evaluated": ("DICOM Instances Accessed", "", "R", 0),
    "operating_points_chosen": ("Security Alert", "Software Configuration", "E", 0),
    "exam_measured": ("Procedure Record", "", "U", 0),
    "emergency_access": ("Security Alert", "Emergency Override Started", "E", 0),
    "permission_denied": ("Security Alert", "Use of Restricted Function", "E", 8),
    "audit_log_used": ("Audit Log Used", "", "R", 0),
    "backup_made": ("Export", "", "R", 0),
    "backup_failed": ("Export", "", "R", 8),
    "folder_checked": ("DICOM Instances Accessed", "", "R", 0),
    "other_computers_used": ("Security Alert", "Network Configuration", "E", 0),
    "support_bundle_made": ("Export", "", "R", 0),
    "restore_prepared": ("Import", "", "C", 0),
    "restore_given_up": ("Import", "", "C", 8),
    "recovery_key_made": ("Security Alert", "Security Configuration", "E", 0),
    "recovery_key_used": ("Security Alert", "Security Configuration", "E", 0),
}


def test_every_event_that_can_be_written_has_its_words() -> None:
    assert set(DICOM_EVENTS) == set(AuditAction)
    assert set(STANDARD) == {action.value for action in AuditAction}


@pytest.mark.parametrize("action", list(AuditAction))
def test_an_event_says_what_the_standard_means_by_its_codes(action: AuditAction) -> None:
    event = DICOM_EVENTS[action]
    message, in_lists = CODES[event.event]
    assert 400 in in_lists  # CID 400, Audit Event ID
    kind, type_lists = CODES[event.kind] if event.kind else ("", [401, 403])
    assert 401 in type_lists  # CID 401, Audit Event Type Code
    assert message != "Security Alert" or (event.kind and 403 in type_lists)
    assert message != "User Authentication" or kind in {"Login", "Logout"}
    assert event.action in ALLOWED[message]
    assert event.outcome in OUTCOMES
    assert (message, kind, event.action, event.outcome) == STANDARD[action.value]
