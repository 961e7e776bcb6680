"""The list of parts and what it says of them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import sbom

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PART: dict[str, Any] = {
    "type": "library",
    "name": "numpy",
    "version": "2.4.6",
    "licence": "BSD-3-Clause AND MIT",
    "purl": "pkg:pypi/numpy@2.4.6",
    "inner": [{"name": "libopenblas.so", "sha256": "00" * 32}],
}
MODEL = {
    "type": "machine-learning-model",
    "name": "some-model",
    "version": "1",
    "licence": "Apache-2.0",
    "sha256": "11" * 32,
}


def test_the_bill_is_cyclonedx_1_5_with_every_part() -> None:
    bill = json.loads(json.dumps(sbom.cyclonedx([PART, MODEL], "0.1.0", NOON)))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert bill["metadata"]["timestamp"] == "2026-01-01T12:00:00Z"
    numpy, model = bill["components"]
    assert numpy["purl"] == "pkg:pypi/numpy@2.4.6"
    assert numpy["licenses"] == [{"expression": "BSD-3-Clause AND MIT"}]
    assert numpy["components"][0]["name"] == "libopenblas.so"
    assert model["hashes"] == [{"alg": "SHA-256", "content": "11" * 32}]
    references = [row["bom-ref"] for row in bill["components"]]
    assert bill["dependencies"] == [{"ref": "cxr-desktop", "dependsOn": references}]
    assert len(set(references)) == len(references)


def test_the_serial_number_follows_the_parts() -> None:
    first, again = (sbom.cyclonedx([PART, MODEL], "0.1.0", NOON) for _ in range(2))
    other = sbom.cyclonedx([{**PART, "version": "2.4.7"}, MODEL], "0.1.0", NOON)
    assert first["serialNumber"] == again["serialNumber"] != other["serialNumber"]


@pytest.mark.parametrize(
    ("licence", "found"),
    [
        ("GPL-3.0-or-later", True),
        ("GNU General Public License v2 (GPLv2)", True),
        ("AGPL-3.0", True),
        ("GPL-2.0-or-later WITH Bootloader-exception", False),
        ("LGPL-3.0-only", False),
        ("MIT", False),
    ],
)
def test_strong_copyleft_is_found(licence: str, *, found: bool) -> None:
    part = {"name": "thing", "licence": licence}
    assert sbom.strong_copyleft([part]) == (["thing"] if found else [])
