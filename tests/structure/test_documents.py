"""The documents say what the code has, and the README says how to start in exactly two commands."""

import re
from pathlib import Path

import pytest

from cxr_desktop import __version__
from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.domain.roles import BUILT_IN_GROUPS, Permission
from cxr_desktop.settings.policy import MACHINE
from cxr_desktop.settings.schema import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")] if path.is_file()
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
FILE = re.compile(
    r"`((?:docs|cxr_desktop|tests|requirements|models|resources|packaging)/[\w./-]+)`"
)


def test_the_readme_has_exactly_the_two_set_up_commands() -> None:
    fenced = re.findall(r"^```\w*\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert fenced == ["python3 dev.py run\n", "python3 dev.py test\n"]


def test_the_readme_says_who_decides() -> None:
    assert DISCLAIMER in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_document_points_only_at_what_there_is(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    missing += [name for name in FILE.findall(text) if not (ROOT / name).exists()]
    assert missing == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "SETTINGS.md").read_text(encoding="utf-8")
    assert [row.key for row in SETTINGS if f"`{row.key}`" not in text] == []
    assert set(re.findall(r"^\| `([\w.]+)`", text, re.MULTILINE)) == {
        *(row.key for row in SETTINGS),
        *MACHINE,
    }


def test_every_permission_and_group_is_documented() -> None:
    text = (ROOT / "docs" / "SECURITY.md").read_text(encoding="utf-8")
    assert [p.value for p in Permission if f"`{p.value}`" not in text] == []
    assert [group.name for group in BUILT_IN_GROUPS if group.name not in text] == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "adr").glob("0*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_the_changelog_names_the_version_of_the_program() -> None:
    assert re.search(rf"\b{re.escape(__version__)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"))
