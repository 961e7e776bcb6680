from pathlib import Path

from tests.cli.conftest import Run, one_sentence
from tests.support.packs import make_pack


def test_packs_are_listed_with_their_checks(run: Run, tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "packs"
    make_pack(folder, "alpha")
    broken = make_pack(folder, "beta")
    (broken / "model.onnx").write_bytes(b"no model")
    said = run("--data-dir", data, "models", "--json", models=folder)
    assert said.status == 1
    alpha, beta = said.rows
    assert (alpha["id"], alpha["active"], alpha["built_in"]) == ("alpha", True, True)
    assert (alpha["problem"], len(alpha["sha256"])) == (None, 64)
    assert (alpha["normal_below"], alpha["abnormal_from"]) == (0.3, 0.7)
    assert (beta["id"], beta["active"]) == ("beta", False)
    assert "SHA-256" in beta["problem"]
    assert not data.exists()


def test_text_marks_the_active_pack(run: Run) -> None:
    said = run("models")
    assert said.status == 0
    assert said.lines[0].startswith("* tiny ")
    assert "checks passed" in said.out


def test_text_says_what_is_wrong_with_a_pack(run: Run, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "p", "tiny")
    (pack / "model.onnx").unlink()
    said = run("models", models=tmp_path / "p")
    assert said.status == 1
    assert "may not be used" in said.out


def test_no_pack_at_all_is_one_sentence(run: Run, tmp_path: Path) -> None:
    said = run("models", models=tmp_path)
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "No model is installed")
