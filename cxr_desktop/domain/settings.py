"""Settings as rows that a person can read and change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SettingValue = bool | int | float | str
SettingKind = Literal["switch", "integer", "number", "text", "choice"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a stable `key` ("model.device"), what it means, and which values it takes.

    `minimum` and `maximum` bound numbers; `choices` lists what a choice may be. `admin_only`
    settings need the permission to change settings.
    """

    key: str
    title: str
    help: str
    kind: SettingKind
    default: SettingValue
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    admin_only: bool = True
    needs_restart: bool = False
