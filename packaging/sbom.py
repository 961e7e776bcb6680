"""The list of parts as CycloneDX 1.5 JSON, and whether the parts are new enough: pure functions."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

# Known holes are closed from these versions on (docs/installing.md, "What the bundle is made of").
FLOORS: Mapping[str, tuple[int, ...]] = {
    "cryptography": (44, 0, 1),  # OpenSSL's CVE-2024-12797 in its wheels
    "onnx": (1, 17),  # CVE-2024-5187, paths that leave the folder
    "opencv-python-headless": (4, 12),
    "pillow": (11, 3),  # CVE-2025-48379
    "protobuf": (6, 31, 1),  # CVE-2025-4565
    "pydicom": (3, 0, 2),
    "pyinstaller": (6,),
    "sqlite": (3, 51, 3),  # a fault of its write-ahead log
}
SPDX = re.compile(r"[\w.+-]+(?: (?:AND|OR|WITH) [\w.+-]+)*")
STRONG = re.compile(r"\bA?GPL|\bGNU (Affero )?General Public", re.IGNORECASE)
SPARED = re.compile(r"\bLGPL|\bLesser|\bLibrary General|exception", re.IGNORECASE)
NAMESPACE = uuid.UUID("9b9df8f1-6f0c-4c52-8a2e-0b64a5f6c3c9")


def cyclonedx(parts: Iterable[Mapping[str, Any]], version: str, made: datetime) -> dict[str, Any]:
    """Return the SBOM of this version of the program; the same parts give the same serial."""
    components = [_component(part) for part in sorted(parts, key=lambda part: str(part["name"]))]
    content = "\n".join(f"{part['name']} {part['version']}" for part in components)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, version + content)}",
        "version": 1,
        "metadata": {
            "timestamp": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": "cxr-desktop",
                "name": "cxr-desktop",
                "version": version,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            },
        },
        "components": components,
        "dependencies": [
            {"ref": "cxr-desktop", "dependsOn": [part["bom-ref"] for part in components]}
        ],
    }


def _component(part: Mapping[str, Any]) -> dict[str, Any]:
    name, version = str(part["name"]), str(part["version"])
    row: dict[str, Any] = {
        "type": part["type"],
        "bom-ref": str(part.get("purl", f"{part['type']}:{name}@{version}")),
        "name": name,
        "version": version,
        "licenses": [_licence(str(part["licence"]))],
    }
    if "purl" in part:
        row["purl"] = part["purl"]
    if "sha256" in part:
        row["hashes"] = [{"alg": "SHA-256", "content": part["sha256"]}]
    if part.get("inner"):
        row["components"] = [
            {
                "type": "library",
                "bom-ref": f"{row['bom-ref']}#{file['name']}",
                "name": file["name"],
                "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
            }
            for file in part["inner"]
        ]
    return row


def _licence(stated: str) -> dict[str, Any]:
    """Return an expression where it looks like one, else the words as they are."""
    if SPDX.fullmatch(stated) and any(letter.isupper() for letter in stated):
        return {"expression": stated} if " " in stated else {"license": {"name": stated}}
    return {"license": {"name": stated or "not stated"}}


def parts_of(bill: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return name, version and licence of each part that an SBOM lists."""
    return [
        {
            "name": str(row["name"]),
            "version": str(row["version"]),
            "licence": " AND ".join(map(_stated, row["licenses"])),
        }
        for row in bill["components"]
    ]


def _stated(row: Mapping[str, Any]) -> str:
    return str(row["expression"] if "expression" in row else row["license"]["name"])


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers a version begins with, Debian's epoch left out."""
    found = re.match(r"(?:\d+:)?(\d+(?:\.\d+)*)", version)
    return tuple(map(int, found[1].split("."))) if found else ()


def too_old(parts: Iterable[Mapping[str, Any]]) -> list[str]:
    """Name the parts with known holes, a sentence each; `file` says where one was found."""
    return [
        f"{part['name']} {part['version'] or 'of unknown version'}{_found_in(part)} is older than"
        f" {'.'.join(map(str, floor))}."
        for part in parts
        if (floor := FLOORS.get(str(part["name"]).casefold()))
        and numbers(str(part["version"])) < floor
    ]


def _found_in(part: Mapping[str, Any]) -> str:
    return f" ({part['file']})" if "file" in part else ""


def strong_copyleft(parts: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """Name the parts whose stated licence leaves no choice but the GPL or AGPL, no exception."""
    return [
        str(part["name"])
        for part in parts
        if STRONG.search(str(part["licence"])) and not SPARED.search(str(part["licence"]))
    ]
