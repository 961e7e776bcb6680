from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import DISCLAIMER
from tests.cli.conftest import Run, Said, one_sentence, secret

FIELDS = [
    *("exam_id", "time", "user", "patient_name", "patient_id", "file", "film_sha256"),
    *("verdict", "probability", "model"),
]


@pytest.fixture
def stored(run: Run, hospital: Path, films: Path) -> Path:
    """A data folder with two exams."""
    words = ("batch", films, "--record", "--user", "ada", "--password-stdin")
    assert run("--data-dir", hospital, *words, stdin=secret()).status == 0
    return hospital


def history(run: Run, data: Path, *words: str) -> Said:
    return run(
        *("--data-dir", data, "history", "--user", "ada", "--password-stdin", *words),
        stdin=secret(),
    )


def test_json_rows_have_the_documented_fields_newest_first(run: Run, stored: Path) -> None:
    rows = history(run, stored, "--json").rows
    assert [list(row) for row in rows] == [FIELDS] * 2
    assert [row["file"] for row in rows] == ["dark.png", "bright.png"]
    assert [row["verdict"] for row in rows] == ["normal", "abnormal"]
    assert rows[0]["time"].endswith("+00:00")
    assert rows[0]["model"] == {"id": "tiny", "version": rows[0]["model"]["version"]}


def test_search_verdict_and_limit_narrow_the_list(run: Run, stored: Path) -> None:
    by_name = history(run, stored, "--json", "--search", "bri").rows
    assert [row["file"] for row in by_name] == ["bright.png"]
    by_verdict = history(run, stored, "--json", "--verdict", "normal").rows
    assert [row["file"] for row in by_verdict] == ["dark.png"]
    assert len(history(run, stored, "--json", "--limit", "1").rows) == 1
    assert history(run, stored, "--json", "--search", "nobody").out == ""


def test_text_is_aligned_and_ends_with_who_decides(run: Run, stored: Path) -> None:
    lines = history(run, stored).lines
    assert lines[0].startswith("TIME (UTC)")
    column = lines[0].index("FILE")
    assert [line[column:] for line in lines[1:3]] == ["dark.png", "bright.png"]
    assert lines[3:] == ["2 of 2 exams.", DISCLAIMER]


@pytest.mark.parametrize(
    "words",
    [
        ("--verdict", "refused"),
        ("--limit", "0"),
        ("--limit", "x"),
        ("--limit", "-1"),
        ("--limit", "9" * 30),
    ],
)
def test_wrong_words_are_status_2(run: Run, stored: Path, words: tuple[str, ...]) -> None:
    assert history(run, stored, *words).status == 2


def test_an_unknown_user_is_one_sentence_and_status_2(run: Run, stored: Path) -> None:
    said = run(
        *("--data-dir", stored, "history", "--user", "nobody", "--password-stdin", "--json"),
        stdin=secret(),
    )
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "do not belong to an active account")


@pytest.mark.parametrize(
    "text", ["", " ", "\x00", "\udcff", '"', "'; --", "a" * 5000, "%", "* OR *", "-", "NEAR("]
)
def test_no_search_text_is_a_bug(run: Run, stored: Path, text: str) -> None:
    assert history(run, stored, "--json", f"--search={text}").status == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_is_written_into_a_new_file(
    run: Run, stored: Path, tmp_path: Path, kind: str
) -> None:
    table = tmp_path / f"exams.{kind}"
    said = history(run, stored, f"--{kind}", str(table), "--verdict", "normal")
    assert (said.status, said.out) == (0, "")
    assert "1 exams" in said.err
    content = table.read_bytes()
    if kind == "csv":
        head, row = content.decode("utf-8-sig").splitlines()
        assert head.startswith("exam_id,time_utc,user,")
        assert ",dark.png," in row
    before = table.read_bytes()
    one_sentence(history(run, stored, f"--{kind}", str(table)), "already")
    assert table.read_bytes() == before


def test_a_table_needs_its_ending(run: Run, stored: Path, tmp_path: Path) -> None:
    said = history(run, stored, "--csv", str(tmp_path / "exams.txt"))
    assert said.status == 2
    assert list(tmp_path.glob("exams*")) == []
