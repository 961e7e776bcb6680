"""The policy of a computer: what IT decided for everybody who uses it.

A TOML file with the tables of `settings.toml`, and one of its own, `machine`. What stands in it can
be changed in the file only. It is read at the start of the program.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.settings import Setting, SettingValue
from cxr_desktop.settings.schema import SETTINGS, check_value

DATA_FOLDER = "machine.data_folder"
NETWORK = "machine.network"
UPDATE_FOLDER = "machine.update_folder"
MACHINE = (DATA_FOLDER, NETWORK, UPDATE_FOLDER)
OFF = "off"
NEEDS_NETWORK: Mapping[str, SettingValue] = {"batch.other_computers": False}  # what off makes of it
UNUSABLE = "Nothing is opened until it is put right: ask IT."


@dataclass(frozen=True, slots=True)
class Policy:
    """What one policy file says; without a file, nothing.

    `values` are the settings it decides. For those in `wrong` the file holds a value that they
    cannot take, and the default counts. `unknown` are words that this version does not know.
    `machine` are the words of its own table that are in use.
    """

    path: Path
    exists: bool = False
    data_folder: Path | None = None
    update_folder: Path | None = None
    machine: tuple[str, ...] = ()
    values: Mapping[str, SettingValue] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def mark(self, setting: Setting) -> Setting:
        """Return the setting with the reason why nobody can change it in the program, if so."""
        if setting.key in self.wrong:
            reason = (
                f"The policy of this computer ({self.path}) has a value here that cannot be used:"
                " the default counts. Tell IT."
            )
        elif self._by_network(setting.key):
            reason = f"The policy of this computer ({self.path}) keeps the program off the network."
        elif setting.key in self.values:
            reason = f"Set by the policy of this computer ({self.path})."
        else:
            return setting
        return replace(setting, locked=reason)

    def data_folder_for(self, asked: Path | None) -> Path | None:
        """Return the folder to open when asked for this one; None for the user's own.

        Raises `InvalidRequest` where the policy names another.
        """
        if self.data_folder is None or asked is None:
            return asked or self.data_folder
        if Path(os.path.abspath(asked)) != self.data_folder:  # noqa: PTH100 - links stay as written
            raise InvalidRequest(
                f"The policy of this computer sets the data folder “{self.data_folder}”.",
                hint="Open that one, or ask IT to change the policy.",
            )
        return asked

    def check(self) -> str:
        """Say what is set, in words. Raises `InvalidRequest` for what could not be used."""
        if not self.exists:
            return f"None on this computer ({self.path})."
        if self.wrong or self.unknown:
            said = [f"{key} has a value that it cannot take" for key in self.wrong]
            said += [f"{key} is not known to this version" for key in self.unknown]
            raise InvalidRequest(
                f"In {self.path}: {'; '.join(said)}.", hint="Correct the file; see the IT guide."
            )
        keys = [*self.machine, *(key for key in self.values if not self._by_network(key))]
        return f"{self.path} sets {', '.join(keys)}." if keys else f"{self.path} sets nothing."

    def _by_network(self, key: str) -> bool:
        return key in NEEDS_NETWORK and NETWORK in (*self.machine, *self.wrong)


def read_policy(path: Path, settings: Sequence[Setting] = SETTINGS) -> Policy:
    """Read the policy file; there may be none.

    Raises `StorageUnavailable` for one that cannot be read, or whose data folder is no full path:
    then nobody knows where patients' data belong.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Policy(path)
    except OSError as error:
        raise _unusable(path, "cannot be read") from error
    try:
        found = dict(_flat(tomllib.loads(content.decode())))
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise _unusable(path, f"is damaged: {error}") from error
    machine = {key: found.pop(key) for key in MACHINE if key in found}
    known = {setting.key: setting for setting in settings}
    values: dict[str, SettingValue] = {}
    wrong = []
    for key in [key for key in found if key in known]:
        try:
            values[key] = check_value(known[key], found.pop(key))
        except InvalidRequest:
            values[key] = known[key].default
            wrong.append(key)
    folders = {key: _full(machine[key]) for key in (UPDATE_FOLDER,) if key in machine}
    wrong += [key for key, folder in folders.items() if folder is None]
    if NETWORK in machine:
        values |= NEEDS_NETWORK
        wrong += [NETWORK] if machine[NETWORK] != OFF else []
    return Policy(
        path,
        exists=True,
        data_folder=_data_folder(path, machine[DATA_FOLDER]) if DATA_FOLDER in machine else None,
        update_folder=folders.get(UPDATE_FOLDER),
        machine=tuple(key for key in machine if key not in wrong),
        values=values,
        wrong=tuple(wrong),
        unknown=tuple(found),
    )


def _flat(document: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _full(value: object) -> Path | None:
    """Return the folder where it is a full path; nothing in it stands for something else."""
    return Path(value) if isinstance(value, str) and Path(value).is_absolute() else None


def _data_folder(path: Path, value: object) -> Path:
    """Return the full path; `~` and, on Windows, `%NAME%` stand for this user's."""
    if isinstance(value, str):
        folder = Path(os.path.expandvars(value)).expanduser()
        if folder.is_absolute():
            return Path(os.path.abspath(folder))  # noqa: PTH100 - links stay as written
    raise _unusable(path, f"is wrong: {DATA_FOLDER} must be the full path of a folder")


def _unusable(path: Path, why: str) -> StorageUnavailable:
    return StorageUnavailable(f"The policy of this computer ({path}) {why}.", hint=UNUSABLE)
