"""Where what belongs to the recovery key is kept."""

from __future__ import annotations

from typing import Protocol

from cxr_desktop.domain.audit import AuditEvent


class RecoveryStore(Protocol):
    """What the recovery key is checked against. Every change is stored with its audit event."""

    def recovery_hash(self) -> str | None:
        """Return the encoded hash of the key that counts, or None."""
        ...

    def set_recovery_hash(self, encoded: str, event: AuditEvent) -> None:
        """Let another key count from now on."""
        ...

    def recover(self, name: str, password_hash: str, event: AuditEvent) -> None:
        """Give an account a password and enable it, in one transaction."""
        ...
