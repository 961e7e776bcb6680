"""What an event is called on the screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.audit import AuditAction, AuditEntry


def action_words(action: AuditAction) -> str:
    """Return "Sign in failed" for `sign_in_failed`, in the person's language where there is one."""
    plain = action.value.replace("_", " ").capitalize()
    return QCoreApplication.translate("AuditActions", plain)


def detail_words(entry: AuditEntry) -> str:
    """Return the details in one line."""
    return ", ".join(f"{name}: {value}" for name, value in sorted(entry.event.detail.items()))
