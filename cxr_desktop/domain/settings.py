"""Settings as rows that a person can read and change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

SettingValue = bool | int | float | str
SettingKind = Literal["switch", "integer", "number", "text", "folder", "picture", "choice"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: a stable `key` ("model.device"), what it means, and which values it takes.

    `minimum` and `maximum` bound numbers, `letters` a text; `choices` lists what a choice may be. A
    folder and a picture (a PNG file) are texts: their path, empty for none.
    `admin_only` settings need the permission to change settings. `locked` says why nobody can
    change it here; empty where one can.
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
    locked: str = ""
    letters: int = 256


class SettingsStore(Protocol):
    """The settings of this installation."""

    def rows(self) -> Sequence[Setting]:
        """List all settings there are, in the order to show them."""
        ...

    def get(self, key: str) -> SettingValue:
        """Return the value, or the default. Raises KeyError for an unknown key."""
        ...

    def set(self, key: str, value: SettingValue) -> None:
        """Check and store. Raises `InvalidRequest` (bad value) or `StorageUnavailable`."""
        ...
