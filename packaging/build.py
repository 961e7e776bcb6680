#!/usr/bin/env python3
"""Build CXR Desktop for people without Python: ``python packaging/build.py``, Linux and Windows.

Standard library only. In ``build/`` it makes an environment with the locked versions and freezes
the program; into ``dist/`` it writes the folder, what installs it (.deb and .tar.xz; on Windows
setup.exe where makensis is found), the list of parts and the sums.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import installers
import payload
import sbom
import versions

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
LOCKS = ("lock.txt", "lock-packaging.txt")
MEGABYTE = 1_000_000


class BuildError(Exception):
    """Something the build cannot do; the text says what."""


def say(sentence: str) -> None:
    """Print a step, at once."""
    print(f"— {sentence}", flush=True)


def run(command: Sequence[object], extra: Mapping[str, str] | None = None) -> None:
    """Run a command in the checkout. Raises `BuildError` when it fails."""
    environment = {**os.environ, **(extra or {})}
    words = [str(word) for word in command]
    if subprocess.call(words, cwd=ROOT, env=environment) != 0:
        raise BuildError(f"This step failed; its own words are above: {Path(words[0]).name}")


def version() -> str:
    """Read the program's version."""
    text = (ROOT / "cxr_desktop" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    assert found, "cxr_desktop/__init__.py has no version"
    return found[1]


def environment(work: Path) -> Path:
    """Return the Python of an environment that holds exactly the locked packages."""
    locks = [ROOT / "requirements" / name for name in LOCKS]
    made_from = hashlib.sha256(b"".join(lock.read_bytes() for lock in locks)).hexdigest()
    venv = work / "venv"
    python = venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = venv / "made-from.txt"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == f"{made_from} {sys.version}":
        return python
    say("Making the environment (once; some hundred megabytes).")
    run([sys.executable, "-m", "venv", "--clear", venv])
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    wheels = [word for lock in locks for word in ("-r", lock)]
    run([*pip, "install", "--quiet", *wheels])
    stamp.write_text(f"{made_from} {sys.version}", encoding="ascii")
    return python


def freeze(python: Path, work: Path, out: Path) -> Path:
    """Run PyInstaller; return the bundle's folder."""
    say("Freezing the program.")
    extra = {"PYTHONHASHSEED": "1"}  # the same source gives the same archive
    places = ["--distpath", out, "--workpath", work]
    spec = HERE / "cxr-desktop.spec"
    run([python, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN", *places, spec], extra)
    warnings = work / payload.PROGRAM / f"warn-{payload.PROGRAM}.txt"
    missing = payload.missing_modules(warnings.read_text(encoding="utf-8"))
    if missing:
        raise BuildError(f"The source is incomplete; these are missing: {', '.join(missing)}")
    bundle = out / payload.PROGRAM
    for name in payload.LICENCES:
        shutil.copyfile(ROOT / name, bundle / Path(name).name)
    return bundle


def list_parts(python: Path, work: Path, bundle: Path, target: Path) -> None:
    """Write the SBOM; refuse a bundle that must not be given away or is old."""
    collected = work / payload.PROGRAM / "collected.json"
    inner = bundle / "_internal"
    licences = bundle / "licences"
    shutil.rmtree(licences, ignore_errors=True)
    command = [python, HERE / "parts.py", collected, inner, licences]
    answer = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise BuildError(f"The parts could not be listed.\n{answer.stderr}")
    found = json.loads(answer.stdout)
    parts = found["parts"]
    looked_at = versions.looked_at(inner)
    parts += [
        {
            "type": "library",
            "name": "SQLite",
            "version": number,
            "licence": "blessing",  # SPDX's name for its public domain
            "purl": f"pkg:generic/sqlite@{number}",
        }
        for number in sorted({row["version"] for row in looked_at if row["name"] == "SQLite"})
    ]
    places = [row["place"] for row in json.loads(collected.read_text("utf-8"))["files"]]
    wrong = [*payload.forbidden(places), *sbom.strong_copyleft(parts)]
    if wrong:
        raise BuildError(f"These must not be in the bundle: {', '.join(wrong)}")
    old = sbom.too_old([*parts, *looked_at])
    if old:
        raise BuildError(f"Parts with known holes are in the bundle. {' '.join(old)}")
    if found["unknown"]:
        say(f"Of unknown origin (not in the SBOM): {', '.join(found['unknown'])}")
    bill = sbom.cyclonedx(parts, version(), datetime.now(UTC))
    target.write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    shutil.copyfile(target, bundle / "sbom.cdx.json")
    say(f"{len(parts)} parts in the SBOM, licence texts in {licences.name}/.")


def make_installers(bundle: Path, work: Path, out: Path, name: str, level: int) -> list[Path]:
    """Make what this system can make; return the files."""
    made: list[Path] = []
    if sys.platform == "win32":
        made += [setup_exe(bundle, out / f"{name}-setup.exe")] if shutil.which("makensis") else []
        made.append(Path(shutil.make_archive(str(out / name), "zip", out, bundle.name)))
        return made
    say("Packing .tar.xz and .deb.")
    made.append(out / f"{name}.tar.xz")
    installers.make_tar(bundle, made[0], level)
    if shutil.which("dpkg-deb"):
        made.append(out / f"{name}.deb")
        installers.make_deb(bundle, HERE, work, made[1], version(), level=level)
    return made


def setup_exe(bundle: Path, target: Path) -> Path:
    """Build the Windows installer around a folder; makensis also runs on Linux."""
    say("Packing setup.exe.")
    kilobytes = installers.folder_bytes(bundle) // 1024
    facts = {
        "VERSION": version(),
        "PAYLOAD": bundle,
        "TARGET": target,
        "KILOBYTES": kilobytes,
        "LICENCE": ROOT / "LICENSE",
    }
    words = [f"-D{key}={value}" for key, value in facts.items()]
    run(["makensis", "-V2", "-WX", *words, HERE / "windows" / "installer.nsi"])
    return target


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the words of the command line."""
    parser = argparse.ArgumentParser(description="Build CXR Desktop for people without Python.")
    parser.add_argument("--gpu", action="store_true", help="the GPU add-on, too: 2.5 GB")
    parser.add_argument("--bundle-only", action="store_true", help="only the folder, no installers")
    parser.add_argument("--quick", action="store_true", help="pack loosely: larger, much sooner")
    parser.add_argument("--work", type=Path, default=ROOT / "build" / "packaging", metavar="DIR")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Build. Returns the exit status."""
    options = parse(argv)
    work, out = options.work.resolve(), options.out.resolve()
    start = time.monotonic()
    try:
        out.mkdir(parents=True, exist_ok=True)
        python = environment(work)
        bundle = freeze(python, work, out)
        system = "windows" if sys.platform == "win32" else "linux"
        name = f"cxr-desktop-{version()}-{system}-x86_64"
        bill = out / f"{name}.cdx.json"
        list_parts(python, work, bundle, bill)
        made = [bill]
        if not options.bundle_only:
            made += make_installers(bundle, work, out, name, 1 if options.quick else 6)
        if options.gpu:
            say("Making the GPU add-on.")
            run([sys.executable, HERE / "gpu_addon.py", out, f"--system={system}"])
        installers.write_sums(made, out / "SHA256SUMS")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{installers.folder_bytes(bundle) / MEGABYTE:7.1f} MB  {bundle}")
    for path in made:
        print(f"{path.stat().st_size / MEGABYTE:7.1f} MB  {path}")
    say(f"Done in {time.monotonic() - start:.0f} s. Now: python packaging/smoke.py {bundle}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
