"""What leaves the hospital in a support bundle: nothing that could name a patient."""

import ast
from pathlib import Path

import pytest

from cxr_desktop.reporting.scrubbed_log import _KNOWN, LEFT_OUT, scrubbed
from cxr_desktop.reporting.support_files import scrubbed_logs

PACKAGE = Path(__file__).resolve().parents[2] / "cxr_desktop"
HEAD = "2026-01-01T12:00:00.000Z"
NAMES = ("Zumwalt", "Quenneville", "حسن", "山田", "4711-0815", "zumwalt")
# What any library, any fault and anybody with an editor might have put into a log.
PLANTED = tuple(
    line.format(name)
    for name in NAMES
    for line in (
        HEAD + " WARNING cxr_desktop.ui.crash: Qt: cannot open /films/{0}.png",
        HEAD + " ERROR cxr_desktop.x: the film of {0} is bad",
        HEAD + " ERROR pydicom: Invalid value for VR PN: '{0}'",
        HEAD + " ERROR {0}: unexpected error 12345678",
        HEAD + " {0} cxr_desktop: unexpected error 12345678",
        HEAD + " ERROR cxr_desktop.ui.jobs: unexpected error 12345678 {0}",
        HEAD + " ERROR cxr_desktop.ui.jobs: the work after the sign-in failed: {0} x",
        "  builtins.ValueError: {0}",
        "  {0}",
        "  {0}.{0}",
        "    {0}",
        "{0}",
        '  File "/home/{0}/cxr_desktop/x.py", line 3 in read',
        '  File "/home/{0}", line 3 in read',
        "Fatal Python error: {0}; Aborted",
        "Extension modules: {0}",
        "",
    )
)
OWN = f"""{HEAD} ERROR cxr_desktop.ui.jobs: unexpected error 0a1b2c3d
  builtins.ValueError
    jobs.py:185 _run
    schema.py:12 <lambda>
  cxr_desktop.domain.errors.StorageUnavailable
{HEAD} WARNING cxr_desktop.ui.x: the work after the sign-in failed: storage_unavailable
"""
CRASH = """Fatal Python error: Segmentation fault

Current thread 0x00007f0a1c2d3e40 (most recent call first):
  File "/opt/cxr-desktop/_internal/cxr_desktop/imaging/dicom.py", line 12 in read_dicom
  <no Python frame>
"""


def test_the_programs_own_lines_are_kept_as_they_are() -> None:
    assert scrubbed(OWN.splitlines()) == OWN


def test_a_crash_keeps_its_places_without_the_folders() -> None:
    kept = scrubbed(CRASH.splitlines())
    assert kept == CRASH.replace("/opt/cxr-desktop/_internal/cxr_desktop/imaging/", "")


def test_no_planted_name_is_left_in_any_line() -> None:
    kept = scrubbed(PLANTED)
    assert [name for name in NAMES if name.casefold() in kept.casefold()] == []
    assert kept.count(LEFT_OUT) >= 2 * len(NAMES)
    assert "lines left out)" in kept


@pytest.mark.parametrize("line", PLANTED)
def test_no_single_planted_line_keeps_its_name(line: str) -> None:
    kept = scrubbed([line])
    assert not any(name.casefold() in kept.casefold() for name in NAMES)


def test_every_sentence_that_the_program_logs_is_known() -> None:
    unknown = []
    for path in PACKAGE.rglob("*.py"):
        if "training" in path.parts:  # never in the program
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in {"error", "warning", "info", "debug", "exception", "critical"}:
                continue
            if not (isinstance(node.func.value, ast.Name) and "log" in node.func.value.id):
                continue
            sentence = ast.literal_eval(node.args[0])
            if not _KNOWN.fullmatch(sentence.replace("%s", "0a1b2c3d")) and not _KNOWN.fullmatch(
                sentence.replace("%s", "some_code")
            ):
                unknown.append(f"{path.name}: {sentence}")
    assert unknown == []


def test_every_log_file_is_taken_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "cxr-desktop.log").write_text(OWN)
    (tmp_path / "cxr-desktop.log.1").write_bytes(b"\xff\xfe Zumwalt\n" + OWN.encode())
    (tmp_path / "crash.log").mkdir()
    (tmp_path / "other.txt").write_text("Zumwalt")
    logs = scrubbed_logs(tmp_path)
    assert list(logs) == ["crash.log", "cxr-desktop.log", "cxr-desktop.log.1"]
    assert logs["cxr-desktop.log"] == OWN
    assert logs["cxr-desktop.log.1"] == f"(1 lines left out)\n{OWN}"
    assert "could not be read" in logs["crash.log"]
    assert scrubbed_logs(tmp_path / "none") == {}


def test_of_a_long_log_its_end_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(OWN * 20_000)
    kept = scrubbed_logs(tmp_path)["a.log"]
    assert len(kept) < 2_100_000
    assert kept.endswith(OWN)
