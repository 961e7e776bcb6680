"""What the Backups tab shows."""

from __future__ import annotations

from dataclasses import dataclass

from cxr_desktop.domain.backup import BackupStatus
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Loading:
    """No answer has come yet."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the backups stand.

    While one is made or checked, `step` says what is being done and `fraction` how far, 0..1.
    """

    status: BackupStatus
    busy: bool = False
    step: str = ""
    fraction: float = 0.0
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """It could not be read."""

    notice: Notice


BackupsState = Loading | Shown | LoadFailed
