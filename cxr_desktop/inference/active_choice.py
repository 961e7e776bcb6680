"""`active.toml`: which pack new films go to, and which one they went to before."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from cxr_desktop.domain.errors import ModelUnavailable, StorageUnavailable
from cxr_desktop.files import replacing
from cxr_desktop.inference.manifest import ID_PATTERN

FILE_NAME = "active.toml"


@dataclass(frozen=True, slots=True)
class ActiveChoice:
    """Ids of packs; empty means the built-in one."""

    active: str = ""
    former: str = ""


def read_choice(folder: Path) -> ActiveChoice:
    """Read the choice; none made is the default one.

    Raises `ModelUnavailable` for a damaged note: going on with another model than the chosen one
    would change answers without a word.
    """
    try:
        table = tomllib.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ActiveChoice()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _damaged() from error
    active, former = table.get("active", ""), table.get("former", "")
    for name in (active, former):
        if not isinstance(name, str) or (name and not ID_PATTERN.fullmatch(name)):
            raise _damaged()
    return ActiveChoice(active, former)


def write_choice(folder: Path, choice: ActiveChoice) -> None:
    """Replace the note in one step, durably. Raises `StorageUnavailable`."""
    body = tomli_w.dumps({"active": choice.active, "former": choice.former}).encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with replacing(folder / FILE_NAME, folder) as file:
            file.write(body)
    except OSError as error:
        raise StorageUnavailable(
            "The choice of the model could not be stored.",
            hint="Check that the data folder can be written and the disk is not full.",
        ) from error


def _damaged() -> ModelUnavailable:
    return ModelUnavailable(
        "The note of which model is active is damaged.",
        hint="Choose the model again in Admin, Models.",
    )
