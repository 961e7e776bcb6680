import json
import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.assessment import DISCLAIMER
from cxr_desktop.imaging.phantom import draw_chest
from tests.cli.conftest import FILM_FIELDS, Run, one_sentence
from tests.support.film_files import dicom
from tests.support.packs import make_pack


def test_json_has_exactly_the_documented_fields(run: Run, films: Path) -> None:
    said = run("classify", films / "bright.png", "--json")
    assert said.status == 0
    (row,) = said.rows
    assert list(row) == FILM_FIELDS
    assert (row["file"], row["status"]) == (str(films / "bright.png"), "classified")
    assert (row["verdict"], row["code"], row["message"]) == ("abnormal", None, None)
    assert 0.7 <= row["probability"] <= 1.0
    assert row["meaning"].startswith("Of 100 drawn films scored like this, about 90 were")
    assert row["cautions"] == []
    assert sorted(row["model"]) == ["id", "sha256", "version"]
    assert (row["model"]["id"], len(row["model"]["sha256"])) == ("tiny", 64)
    assert row["device"] == "CPU"
    assert sorted(row["ms"]) == ["infer", "prepare", "read", "total"]
    parts = row["ms"]["read"] + row["ms"]["prepare"] + row["ms"]["infer"]
    assert row["ms"]["total"] == pytest.approx(parts, abs=0.01)
    assert said.err == ""


def test_a_folder_gives_one_object_per_line_in_order(run: Run, films: Path) -> None:
    rows = run("classify", films, "--json").rows
    assert [Path(row["file"]).name for row in rows] == ["bright.png", "dark.png"]
    assert [row["verdict"] for row in rows] == ["abnormal", "normal"]


def test_the_probability_is_not_rounded(run: Run, films: Path) -> None:
    (row,) = run("classify", films / "dark.png", "--json").rows
    assert row["probability"] != round(row["probability"], 6)


def test_a_refused_film_does_not_stop_the_rest_and_gives_status_1(run: Run, films: Path) -> None:
    (films / "broken.png").write_bytes((films / "dark.png").read_bytes()[:300])
    said = run("classify", films, "--json")
    assert said.status == 1
    refused = next(row for row in said.rows if row["status"] == "refused")
    assert list(refused) == FILM_FIELDS
    assert (refused["verdict"], refused["probability"], refused["model"]) == (None, None, None)
    assert (refused["meaning"], refused["cautions"]) == (None, [])
    assert (refused["device"], refused["ms"]) == (None, None)
    assert refused["code"] == "damaged"
    assert refused["message"]
    assert [row["status"] for row in said.rows].count("classified") == 2


def test_nothing_is_stored_and_no_data_folder_is_made(run: Run, films: Path, data: Path) -> None:
    before = sorted(path.name for path in films.iterdir())
    assert run("--data-dir", data, "classify", films, "--json").status == 0
    assert not data.exists()
    assert sorted(path.name for path in films.iterdir()) == before


def test_plain_text_is_aligned_and_ends_with_who_decides(run: Run, films: Path) -> None:
    said = run("classify", films)
    assert said.status == 0
    assert said.lines[0].split() == ["VERDICT", "P(ABN)", "FILE"]
    column = said.lines[0].index("FILE")
    rows = [line for line in said.lines if line.startswith(("normal", "abnormal"))]
    assert [line[column:] for line in rows] == [str(films / n) for n in ("bright.png", "dark.png")]
    assert said.lines[-2:] == ["2 classified, 0 refused.", DISCLAIMER]
    assert "\x1b" not in said.out


def test_plain_text_says_why_a_film_was_refused(run: Run, films: Path) -> None:
    (films / "dark.png").write_bytes(b"words")
    said = run("classify", films)
    assert said.status == 1
    place = next(i for i, line in enumerate(said.lines) if line.startswith("refused"))
    assert len(said.lines[place + 1].strip()) > 20
    assert said.lines[-1] == DISCLAIMER


def test_a_model_may_be_chosen_by_its_id(run: Run, films: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    make_pack(folder, "alpha")
    make_pack(folder, "beta", version="9.9")
    (row,) = run("classify", films / "dark.png", "--json", "--model", "beta", models=folder).rows
    assert (row["model"]["id"], row["model"]["version"]) == ("beta", "9.9")


def test_imported_models_of_the_data_folder_are_found(run: Run, films: Path, data: Path) -> None:
    make_pack(data / "models", "mine")
    words = ("classify", films / "dark.png", "--json", "--model", "mine", "--data-dir", data)
    assert run(*words).rows[0]["model"]["id"] == "mine"
    assert [path.name for path in data.iterdir()] == ["models"]


def test_an_unknown_model_is_one_sentence_and_status_2(run: Run, films: Path) -> None:
    said = run("classify", films, "--json", "--model", "nope")
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "nope")


def test_no_model_at_all_is_one_sentence_and_status_2(
    run: Run, films: Path, tmp_path: Path
) -> None:
    said = run("classify", films, "--json", models=tmp_path / "none")
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "No model is installed")


def test_a_damaged_model_is_never_used(run: Run, films: Path, tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "m", "tiny")
    content = bytearray((pack / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (pack / "model.onnx").write_bytes(content)
    said = run("classify", films, "--json", models=tmp_path / "m")
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "SHA-256")


def test_an_empty_folder_is_one_sentence_and_status_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = run("classify", tmp_path / "empty", "--json")
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "There is no film here.", "PNG, JPEG, TIFF or DICOM")


def test_a_file_that_does_not_exist_is_refused(run: Run, tmp_path: Path) -> None:
    said = run("classify", tmp_path / "gone.png", "--json")
    assert said.status == 1
    assert said.rows[0]["code"] == "not_a_file"


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("classify",),
        ("classify", "a.png", "--device", "tpu"),
        ("classify", "a.png", "--jsn"),
        ("clasify", "a.png"),
        ("classify", "a.png", "--save-map"),
    ],
)
def test_wrong_words_are_status_2(run: Run, words: tuple[str, ...]) -> None:
    said = run(*words)
    assert (said.status, said.out) == (2, "")
    assert "usage: cxr-desktop" in said.err


def test_wrong_words_cannot_steer_the_terminal(run: Run) -> None:
    said = run("classify", "a.png", "--\x1b[2Jx")
    assert said.status == 2
    assert "\x1b" not in said.err


@pytest.mark.parametrize("as_json", [True, False])
def test_control_characters_of_a_name_never_reach_the_terminal(
    run: Run, films: Path, *, as_json: bool
) -> None:
    name = "a\x1b[31mred\x07\x9b\u202e.png"
    (films / "dark.png").rename(films / name)
    said = run("classify", films, *(["--json"] if as_json else []))
    assert said.status == 0
    assert all(c.isprintable() or c == "\n" for c in said.out + said.err)
    if as_json:
        assert str(films / name) in [row["file"] for row in said.rows]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that are no text")
def test_an_undecodable_name_survives_json(run: Run, films: Path) -> None:
    raw = os.fsencode(films) + b"/caf\xe9.png"
    os.rename(os.fsencode(films / "dark.png"), raw)  # noqa: PTH104 - bytes, not a Path
    said = run("classify", films, "--json")
    assert said.status == 0
    assert raw in [os.fsencode(row["file"]) for row in said.rows]
    assert run("classify", films).status == 0


def test_names_in_any_script_come_back_as_they_are(run: Run, films: Path) -> None:
    name = "Röntgen 胸部 рентген.png"
    (films / "dark.png").rename(films / name)
    assert str(films / name) in [row["file"] for row in run("classify", films, "--json").rows]
    assert name in run("classify", films).out


def test_a_map_is_written_for_each_classified_film(run: Run, films: Path, tmp_path: Path) -> None:
    (films / "broken.png").write_bytes(b"words")
    maps = tmp_path / "new" / "maps"
    said = run("classify", films, "--json", "--save-map", maps)
    assert said.status == 1
    names = sorted(path.name for path in maps.iterdir())
    assert [name.split("-")[0] for name in names] == ["bright", "dark"]
    for name in names:
        picture = cv2.imdecode(np.frombuffer((maps / name).read_bytes(), np.uint8), 1)
        assert picture is not None
        assert picture.shape == (256, 224, 3)


def test_a_folder_for_maps_that_cannot_be_made_stops_before_the_first_film(
    run: Run, films: Path
) -> None:
    said = run("classify", films, "--json", "--save-map", films / "dark.png" / "maps")
    assert (said.status, said.out) == (2, "")
    one_sentence(said, "cannot be made")


def test_a_wish_for_cuda_without_a_card_says_so_and_answers(run: Run, films: Path) -> None:
    said = run("classify", films / "dark.png", "--json", "--device", "cuda")
    (row,) = said.rows
    assert row["device"] in {"CPU", "CUDA"}
    assert ("CPU" in said.err) == (row["device"] == "CPU")


def test_two_runs_give_the_same_number(run: Run, films: Path) -> None:
    first, second = (run("classify", films, "--json").rows for _ in range(2))
    assert [row["probability"] for row in first] == [row["probability"] for row in second]


def test_every_line_is_one_json_object_in_ascii(run: Run, films: Path) -> None:
    (films / "dark.png").rename(films / "zwei\nZeilen ü.png")
    said = run("classify", films, "--json")
    assert said.out.isascii()
    assert [type(json.loads(line)) for line in said.lines] == [dict, dict]


def test_an_infants_bedside_film_brings_its_cautions_in_json_and_in_words(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "infant.dcm"
    grey = np.round(draw_chest(256, 224) * 4095).astype(np.uint16)
    path.write_bytes(dicom(grey, PatientAge="003M", ViewPosition="AP"))
    (row,) = run("classify", path, "--json").rows
    assert [caution["code"] for caution in row["cautions"]] == ["ap_view", "child", "infant"]
    said = run("classify", path)
    for caution in row["cautions"]:
        assert any(caution["message"] in line for line in said.lines)
