"""Which parts are in the bundle: asked of the packages, the system and the model packs.

``python packaging/parts.py COLLECTED.json BUNDLE LICENCES`` runs in the build's environment: it
writes the licence texts of all parts into the folder LICENCES and the list of parts to standard
output, as JSON.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

Part = dict[str, Any]
LICENCE_FILE = re.compile(r"^(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)
DOCUMENTS = Path("/usr/share/doc")
STATED = {  # where a package's own words are wrong or incomplete
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyside6_essentials": "LGPL-3.0-only",  # of the choice it gives
    "pyjpegls": "MIT AND BSD-3-Clause",  # with CharLS
    "shiboken6": "LGPL-3.0-only",
    "sqlcipher3": "Zlib AND BSD-3-Clause",  # with SQLCipher
}
FONTS = (
    ("Inter", "Inter-Regular.otf"),
    ("Noto Sans Arabic", "NotoSansArabic-Regular.ttf"),
)


def licence_of(distribution: Distribution) -> str:
    """Return what a package says of its licence, in the best of the three places."""
    about = distribution.metadata
    if str(about["Name"]).casefold() in STATED:
        return STATED[str(about["Name"]).casefold()]
    for field in ("License-Expression", "License"):
        text = str(about[field]).strip() if field in about else ""
        if text and text != "UNKNOWN" and "\n" not in text and len(text) < 120:
            return text
    rows = [
        row.rpartition("::")[2].strip()
        for row in about.get_all("Classifier") or []
        if row.startswith("License ::")
    ]
    return " / ".join(rows) or "see the licence text"


def python_parts(sources: set[Path], licences: Path) -> Iterator[tuple[Part, set[Path]]]:
    """Yield the Python packages that any of these files came from, each with its files."""
    for distribution in distributions():
        files = {
            Path(str(distribution.locate_file(file))).resolve(): file
            for file in distribution.files or ()
        }
        mine = sources & files.keys()
        name, version = distribution.metadata["Name"], distribution.version
        # The start program in front of every bundle is PyInstaller's, though no file is listed.
        if not mine and name.casefold() != "pyinstaller":
            continue
        texts = [path for path in files if LICENCE_FILE.match(path.name) and path.is_file()]
        keep(texts, licences / name)
        inner = [path for path in sorted(mine) if path.parent.name.endswith(".libs")]
        part: Part = {
            "type": "library",
            "name": name,
            "version": version,
            "licence": licence_of(distribution),
            "purl": f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}",
        }
        if inner:
            part["inner"] = [{"name": path.name, "sha256": sha256(path)} for path in inner]
        yield part, mine


def system_parts(sources: set[Path], licences: Path) -> Iterator[tuple[Part, set[Path]]]:
    """Yield the Debian packages that any of these files came from, each with its files."""
    if shutil.which("dpkg-query") is None:
        return
    owners: dict[str, set[Path]] = {}
    for path in sorted(sources):
        # Debian merged /lib into /usr/lib, and older packages still own the old name.
        names = [str(path), str(path).removeprefix("/usr")]
        answers = [ask("dpkg-query", "--search", name) for name in names]
        found = next((text for text in answers if text), "")
        if found:
            owners.setdefault(found.partition(": ")[0].partition(",")[0], set()).add(path)
    for package, mine in sorted(owners.items()):
        version = ask("dpkg-query", "--show", "--showformat=${Version}", package)
        bare = package.partition(":")[0]
        keep([DOCUMENTS / bare / "copyright"], licences / f"debian-{bare}")
        yield (
            {
                "type": "library",
                "name": bare,
                "version": version,
                "licence": "see the licence text",
                "purl": f"pkg:deb/debian/{bare}@{version}",
            },
            mine,
        )


def own_parts(bundle: Path, licences: Path) -> Iterator[Part]:
    """Yield Python itself, the fonts and the model packs."""
    library = Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    keep([library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"], licences / "Python")
    yield {
        "type": "framework",
        "name": "CPython",
        "version": platform.python_version(),
        "licence": "PSF-2.0",
        "purl": f"pkg:generic/cpython@{platform.python_version()}",
    }
    fonts = bundle / "resources" / "fonts"
    keep([fonts / "OFL.txt"], licences / "fonts")
    for name, file in FONTS:
        digest = sha256(fonts / file)
        yield {
            "type": "data",
            "name": name,
            "version": digest[:12],
            "licence": "OFL-1.1",
            "sha256": digest,
        }
    for manifest in sorted((bundle / "models").glob("*/manifest.toml")):
        table = tomllib.loads(manifest.read_text(encoding="utf-8"))
        yield {
            "type": "machine-learning-model",
            "name": str(table.get("id", manifest.parent.name)),
            "version": str(table.get("version", "")),
            "licence": str(table.get("licence", "")),
            "sha256": sha256(manifest.parent / "model.onnx"),
        }


def keep(texts: Sequence[Path], folder: Path) -> None:
    """Copy licence texts; two of one name both stay."""
    for number, text in enumerate(path for path in texts if path.is_file()):
        folder.mkdir(parents=True, exist_ok=True)
        name = text.name if not (folder / text.name).exists() else f"{number}-{text.name}"
        shutil.copyfile(text, folder / name)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def ask(*command: str) -> str:
    """Return what a command prints, "" when it fails."""
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip() if answer.returncode == 0 else ""


def main(collected: Path, bundle: Path, licences: Path) -> int:
    """Print the list of parts; a file of unknown origin stands in it as such."""
    rows = json.loads(collected.read_text(encoding="utf-8"))
    files = [row for row in rows["files"] if row["kind"] != "SYMLINK"]
    sources = {Path(row["source"]).resolve() for row in [*files, *rows["modules"]] if row["source"]}
    ours = (Path(__file__).resolve().parents[1], Path(sys.base_prefix).resolve())
    parts: list[Part] = []
    known: set[Path] = set()
    for find in (python_parts, system_parts):
        left = {path for path in sources - known if find is python_parts or path.suffix != ".py"}
        if find is system_parts:
            left = {
                path
                for path in left
                if not path.is_relative_to(ours[0]) and not path.is_relative_to(ours[1])
            }
        for part, mine in find(left, licences):
            parts.append(part)
            known |= mine
    parts += own_parts(bundle, licences)
    texts = ours[0] / "packaging" / "licences"
    keep(sorted(texts.glob("*.txt")), licences / "Qt and PySide6")
    # sqlcipher3 has only its own, pyjpegls none.
    keep([texts / "sqlcipher" / "LICENSE.txt"], licences / "SQLCipher")
    keep([texts / "pyjpegls" / "LICENSE.txt"], licences / "pyjpegls")
    unknown = sorted(
        path.name
        for path in sources - known
        if not any(path.is_relative_to(top) for top in (*ours, Path(sys.prefix).resolve()))
        and path.is_file()
        and path.name != "base_library.zip"  # Python's own, packed anew
    )
    json.dump({"parts": parts, "unknown": unknown}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
