"""Films whose truth is known, to measure a model on: a manifest or two folders."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest

LABELS = ("normal", "abnormal")
SOURCE_COLUMNS = ("source", "source_dataset")


@dataclass(frozen=True, slots=True)
class LabelledFilm:
    """One film, its truth, and the hospital or collection it comes from."""

    path: Path
    abnormal: bool
    source: str


def labelled_films(
    where: Path, *, splits: Iterable[str] = (), joined: Mapping[str, str] | None = None
) -> tuple[LabelledFilm, ...]:
    """Read a manifest CSV, or a folder that holds `normal/` and `abnormal/`.

    A manifest needs the columns `path` (relative to it) and `label`, parted by commas or, as some
    spreadsheets write it, semicolons; capitals do not count in titles and labels. `source` (or
    `source_dataset`) names the collection, and `split` is filtered by `splits` when these are
    given. Rows with another label than normal and abnormal are left out. `joined` gives sources
    another name, so that several become one. Raises `InvalidRequest` when no film remains, or when
    no film has a source that was to be joined.
    """
    films = _from_folder(where) if where.is_dir() else _from_manifest(where, frozenset(splits))
    if not films:
        raise InvalidRequest(
            "There is no labelled film here.",
            hint="Give a manifest with the columns path and label, or a folder that holds "
            "normal/ and abnormal/.",
        )
    return _renamed(films, joined or {})


def _renamed(
    films: tuple[LabelledFilm, ...], joined: Mapping[str, str]
) -> tuple[LabelledFilm, ...]:
    sources = {film.source for film in films}
    unknown = sorted(joined.keys() - sources)
    if unknown:
        raise InvalidRequest(
            f"No film here has the source {', '.join(unknown)}.",
            hint=f"The sources are: {', '.join(sorted(sources))}.",
        )
    return tuple(replace(film, source=joined.get(film.source, film.source)) for film in films)


def _from_folder(folder: Path) -> tuple[LabelledFilm, ...]:
    return tuple(
        LabelledFilm(path, label == "abnormal", folder.name)
        for label in LABELS
        for path in sorted((folder / label).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    )


def _from_manifest(manifest: Path, splits: frozenset[str]) -> tuple[LabelledFilm, ...]:
    try:
        with manifest.open(newline="", encoding="utf-8-sig") as file:
            titles = file.readline()
            file.seek(0)
            parted_by = ";" if ";" in titles and "," not in titles else ","
            reader = csv.DictReader(file, delimiter=parted_by, restval="")
            reader.fieldnames = [_plain(name) for name in reader.fieldnames or ()]
            columns = frozenset(reader.fieldnames)
            rows = list(reader)
    except FileNotFoundError as error:
        raise InvalidRequest(
            f"There is no file or folder “{manifest.name}”.", hint="Check the name and the place."
        ) from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidRequest(
            f"“{manifest.name}” could not be read as a manifest.",
            hint="Give a CSV file in UTF-8, or a folder.",
        ) from error
    missing = {"path", "label", *(["split"] if splits else [])} - columns
    if missing:
        raise InvalidRequest(
            f"“{manifest.name}” lacks the column {' and '.join(sorted(missing))}.",
            hint="A manifest needs at least the columns path and label, named in its first line and"
            " parted by commas or semicolons.",
        )
    return tuple(
        LabelledFilm(
            manifest.parent / row["path"], _plain(row["label"]) == "abnormal", _source(row)
        )
        for row in rows
        if _plain(row["label"]) in LABELS and (not splits or row["split"] in splits)
    )


def _plain(word: str) -> str:
    """Return a title or label without the capitals and spaces that people add."""
    return word.strip().casefold()


def _source(row: Mapping[str, str]) -> str:
    return next((row[name] for name in SOURCE_COLUMNS if row.get(name)), "unnamed")
