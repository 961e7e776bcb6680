"""The settings file: TOML, only what differs from the defaults, replaced whole or not at all."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.files import replacing
from cxr_desktop.settings.policy import Policy
from cxr_desktop.settings.schema import SETTINGS, check_value

Document = dict[str, Any]


class TomlSettings:
    """The `SettingsStore` of a data folder.

    The file is read at each call, so that another process's change is seen. Keys this version does
    not know are kept. `notice` is a sentence when the file could not be used as it was; else empty.
    What the `policy` of this computer decides stands above the file.
    """

    def __init__(
        self, path: Path, settings: Sequence[Setting] = SETTINGS, *, policy: Policy | None = None
    ) -> None:
        self._path = path
        self._decided = {} if policy is None else policy.values
        marked = settings if policy is None else [policy.mark(setting) for setting in settings]
        self._settings = {setting.key: setting for setting in marked}
        self._changing = threading.Lock()
        self.notice = ""
        document = self._read()
        for setting in settings:
            self._value(document, setting)

    def rows(self) -> Sequence[Setting]:
        """List all settings in the order to show them."""
        return tuple(self._settings.values())

    def get(self, key: str) -> SettingValue:
        """Return the value, or the default. Raises KeyError for an unknown key."""
        if key in self._decided:
            return self._decided[key]
        return self._value(self._read(), self._settings[key])

    def set(self, key: str, value: SettingValue) -> None:
        """Check and store. Raises `InvalidRequest`, `StorageUnavailable`, or KeyError."""
        setting = self._settings[key]
        if setting.locked:
            raise InvalidRequest(
                f"“{setting.title}” cannot be changed here. {setting.locked}",
                hint="Ask IT, who look after this computer.",
            )
        value = check_value(setting, value)
        with self._changing:
            document = self._read()
            if value == setting.default:
                _remove(document, key)
            else:
                _put(document, key, value)
            try:
                with replacing(self._path, self._path.parent) as file:
                    file.write(tomli_w.dumps(document).encode())
            except OSError as error:
                raise StorageUnavailable(
                    "The setting could not be stored.",
                    hint="Check that the disk is not full and the data folder can be written.",
                ) from error

    def _read(self) -> Document:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        except OSError:
            self.notice = "The settings could not be read; the defaults are used."
            return {}
        try:
            return tomllib.loads(content.decode())
        except ValueError:  # TOMLDecodeError and UnicodeDecodeError
            self._set_aside()
            return {}

    def _set_aside(self) -> None:
        number = 1
        while (aside := self._path.with_name(f"{self._path.name}.damaged-{number}")).exists():
            number += 1
        try:
            self._path.replace(aside)
        except OSError:
            self.notice = "The settings file is damaged; the defaults are used."
        else:
            self.notice = (
                f"The settings file was damaged; the defaults are used and the file is kept as"
                f" “{aside.name}”."
            )

    def _value(self, document: Document, setting: Setting) -> SettingValue:
        value: Any = document
        for part in setting.key.split("."):
            if not isinstance(value, dict) or part not in value:
                return setting.default
            value = value[part]
        try:
            return check_value(setting, value)
        except InvalidRequest:
            self.notice = (
                f"The settings file holds a value that “{setting.title}” cannot take; its default"
                " is used."
            )
            return setting.default


def _put(document: Document, key: str, value: SettingValue) -> None:
    *tables, last = key.split(".")
    for table in tables:
        if not isinstance(document.get(table), dict):
            document[table] = {}
        document = document[table]
    document[last] = value


def _remove(document: Document, key: str) -> None:
    *tables, last = key.split(".")
    for table in tables:
        inner = document.get(table)
        if not isinstance(inner, dict):
            return
        document = inner
    document.pop(last, None)
