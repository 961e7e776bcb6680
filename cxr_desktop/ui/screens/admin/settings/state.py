"""What the Settings tab shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Loading:
    """The settings are on their way."""


@dataclass(frozen=True, slots=True)
class Listed:
    """All settings and their stored values; `said` tells per key what became of a change."""

    rows: tuple[Setting, ...]
    values: Mapping[str, SettingValue]
    said: Mapping[str, Notice] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """The settings could not be read."""

    notice: Notice


SettingsState = Loading | Listed | LoadFailed
