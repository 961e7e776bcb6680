"""An exported pack computes what the trained network does and runs in the program."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.imaging.phantom import draw_chest  # noqa: E402 - only where torch is
from cxr_desktop.imaging.preprocess import prepare, prepare_pixels  # noqa: E402 - the same
from cxr_desktop.inference.catalog import ModelCatalog  # noqa: E402 - only where torch is
from cxr_desktop.inference.manifest_file import read_manifest  # noqa: E402 - the same
from cxr_desktop.inference.source import ActiveClassifier  # noqa: E402 - only where torch is
from cxr_desktop.training import pack_checks  # noqa: E402 - only where torch is
from cxr_desktop.training.__main__ import main  # noqa: E402 - only where torch is
from cxr_desktop.training.card import card_text, readme_text  # noqa: E402 - the same
from cxr_desktop.training.export import PackName, export_pack  # noqa: E402 - the same
from cxr_desktop.training.film_store import read_training_film  # noqa: E402 - only where torch is
from cxr_desktop.training.films import Film  # noqa: E402 - only where torch is
from cxr_desktop.training.final_file import read_final  # noqa: E402 - only where torch is
from cxr_desktop.training.left_out import NOT_MEASURED  # noqa: E402 - only where torch is
from cxr_desktop.training.network import YoloV5Classifier  # noqa: E402 - only where torch is
from cxr_desktop.training.onnx_export import (  # noqa: E402 - only where torch is
    ExportedNetwork,
    OwnShift,
    export_bytes,
    fold_batch_norm,
    halve_weights,
)
from cxr_desktop.training.pack_checks import ExportError  # noqa: E402 - only where torch is
from cxr_desktop.training.recipe import Recipe, Stage  # noqa: E402 - only where torch is
from cxr_desktop.training.train import load_weights, train  # noqa: E402 - only where torch is

LABELS = ("normal", "abnormal")
SIDE = 64


def _network() -> Any:
    """A small network with BatchNorms that do something."""
    torch.manual_seed(4)
    network = YoloV5Classifier("n")
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.7, 1.1)
            torch.nn.init.uniform_(module.running_var, 0.8, 1.5)
            torch.nn.init.normal_(module.running_mean, 0, 0.1)
    torch.nn.init.normal_(network.head.linear.weight, std=0.1)
    return network.eval()


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Film]:
    """Drawn chests are normal and noise is abnormal: an untrained network can tell them apart."""
    folder = tmp_path_factory.mktemp("films")
    rng = np.random.default_rng(0)
    made = []
    for number in range(16):
        abnormal, split = number % 2 == 1, "val" if number < 12 else "train_nc"
        drawn = rng.random((64, 64)) if abnormal else draw_chest(64, 64, seed=number)
        path = folder / f"{number}.png"
        path.write_bytes(cv2.imencode(".png", (drawn * 255).astype(np.uint8))[1].tobytes())
        label = "abnormal" if abnormal else "normal"
        made.append(
            Film(path, "kermany", label, f"p{number}", "AP", "high", split, "open", str(number))
        )
    return made


@pytest.fixture(scope="module")
def final(tmp_path_factory: pytest.TempPathFactory, films: list[Film]) -> Path:
    """A run of two steps, whose last layer then points from normal films to abnormal ones."""
    recipe = Recipe(
        scale="n", stages=(Stage(SIDE, 2, 4),), warmup_steps=1, hospital_shares={"kermany": 1.0}
    )
    folder = tmp_path_factory.mktemp("run")
    train(films, recipe, folder, resume=False)
    path = folder / "final.pt"
    network = load_weights(path)
    features = []
    network.head.linear.register_forward_pre_hook(lambda _, given: features.append(given[0][0]))
    for film in films[:2]:
        pixels = read_training_film(film).astype(np.float32) / np.float32(255)
        with torch.no_grad():
            network(torch.from_numpy(prepare_pixels(pixels, recipe.input_spec(SIDE)).tensor))
    normal, abnormal = features
    direction = (abnormal - normal) / (abnormal - normal).norm() ** 2
    with torch.no_grad():
        network.head.linear.weight.copy_(torch.stack([-2 * direction, 2 * direction]))
        network.head.linear.bias.copy_(-network.head.linear.weight @ (abnormal + normal) / 2)
    state = torch.load(path, weights_only=True)
    torch.save({**state, "weights": network.state_dict()}, path)
    return path


def test_folding_changes_nothing_and_leaves_the_original_alone() -> None:
    network = _network()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    x = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        torch.testing.assert_close(fold_batch_norm(network)(x), network(x), atol=1e-4, rtol=1e-4)
    for name, value in network.state_dict().items():
        assert torch.equal(value, before[name])


def test_scaling_and_map_are_exact() -> None:
    network, x = _network(), torch.randn(2, 3, 96, 96)
    exported = ExportedNetwork(network, 2.0, torch.tensor([0.5, -1.5]))
    with torch.no_grad():
        logits, cam, features = exported(x)
        wanted = (network(x) - torch.tensor([0.5, -1.5])) / 2
    torch.testing.assert_close(logits, wanted, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(exported.linear(features), logits)
    torch.testing.assert_close(cam.mean((2, 3)) + exported.linear.bias, logits, atol=1e-5, rtol=0)


def test_a_shift_of_films_like_one_source_is_taken_evenly_from_logits_and_map() -> None:
    network, x = _network(), torch.randn(4, 3, 96, 96)
    with torch.no_grad():
        plain, map_before, features = ExportedNetwork(network)(x)
        direction = torch.randn(features.shape[1])
        far = features @ direction
        own = OwnShift(direction, -float(far.median()), torch.tensor([-1.0, 1.0]))
        exported = ExportedNetwork(network, 2.0, own=own)
        logits, cam, same = exported(x)
    likeness = torch.sigmoid(far - far.median())
    assert likeness.max() > likeness.min()
    less = likeness[:, None] * torch.tensor([-1.0, 1.0])
    torch.testing.assert_close(same, features)
    torch.testing.assert_close(logits, (plain - less) / 2, atol=1e-5, rtol=1e-5)
    moved = (map_before - less[:, :, None, None]) / 2
    torch.testing.assert_close(cam, moved, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(cam.mean((2, 3)) + exported.linear.bias, logits, atol=1e-5, rtol=0)
    content = export_bytes(exported, LABELS, 96)
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    for name, wanted in (("output0", logits), ("cam", cam)):
        (given,) = session.run([name], {"images": x.numpy()})
        np.testing.assert_allclose(given, wanted.numpy(), atol=2e-3)


def test_the_file_keeps_the_contract() -> None:
    content = export_bytes(ExportedNetwork(_network()), LABELS, 64)
    model = onnx.load_model_from_string(content)
    shapes = {
        value.name: [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    }
    assert shapes == {
        "images": ["batch", 3, 64, 64],
        "output0": ["batch", 2],
        "cam": ["batch", 2, 2, 2],
        "features": ["batch", 1280],
    }
    assert {p.key: p.value for p in model.metadata_props} == {
        "stride": "32",
        "names": "{0: 'normal', 1: 'abnormal'}",
    }
    assert len(content) < 2.8e6  # 1.21 million weights, two bytes each
    assert not any(node.doc_string for node in model.graph.node)
    operations = {node.op_type for node in model.graph.node}
    assert "BatchNormalization" not in operations
    assert {"Conv", "GlobalAveragePool", "Gemm"} <= operations


def test_a_weight_that_float16_cannot_hold_is_refused() -> None:
    values = np.full((64, 64, 1, 1), 1e5, dtype=np.float32)
    graph = onnx.helper.make_graph([], "g", [], [], [onnx.numpy_helper.from_array(values, "w")])
    with pytest.raises(ValueError, match="float16"):
        halve_weights(onnx.helper.make_model(graph))


def test_an_exported_pack_runs_in_the_program_and_replaces_an_older_one(
    tmp_path: Path, films: list[Film], final: Path
) -> None:
    out = tmp_path / "models" / "trial"
    out.mkdir(parents=True)
    (out / "manifest.toml").write_text("an older pack", encoding="utf-8")
    name = PackName("trial", "1.0", "Trial", {"AUC, elsewhere": "0.50"})
    manifest = export_pack(final, films, out, name)
    assert manifest.figures["AUC, elsewhere"] == "0.50"
    assert manifest.input.width == SIDE
    assert "4 films" in manifest.trained_on
    assert "not for commercial use" in manifest.licence
    assert manifest.limits[0] == NOT_MEASURED
    assert manifest.training["Stages"] == "2 steps of 4 films at 64 px"
    assert manifest.films == {
        "kermany, abnormal, train_nc": "2",
        "kermany, normal, train_nc": "2",
    }
    checks = [name for name in manifest.figures if name.startswith("File: ")]
    assert any("PyTorch" in name and "12 validation films" in name for name in checks)
    assert (
        "an even map has 50 %"
        in manifest.figures["Heat map inside the lung half, abnormal films, kermany validation"]
    )
    assert "P(abnormal)" in manifest.figures["Drawn example, small nodule"]
    catalog = ModelCatalog(tmp_path / "models", tmp_path / "own")
    classifier = ActiveClassifier(catalog, prepare, lambda: "cpu").get()
    assert classifier.model.id == "trial"
    assert (out / "README.md").read_text(encoding="utf-8") == readme_text(manifest)
    assert not list(out.parent.glob(".*"))


def test_the_command_writes_pack_and_card_and_says_what_left_out_hospitals_show(
    tmp_path: Path, films: list[Film], final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "manifest.csv"
    columns = [
        *("path", "source_dataset", "label", "patient_id", "view", "label_confidence", "split"),
        *("terms", "sha256"),
    ]
    rows = [
        [
            str(f.path),
            f.source,
            f.label,
            f.patient,
            f.view,
            f.confidence,
            f.split,
            f.terms,
            f.sha256,
        ]
        for f in films
    ]
    listed.write_text("\n".join(",".join(row) for row in [columns, *rows]), encoding="utf-8")
    loso = tmp_path / "loso.json"
    loso.write_text('{"shenzhen": [0.42, 0.38, 0.47]}', encoding="utf-8")
    out, card = tmp_path / "trial", tmp_path / "docs" / "model-card.md"
    words = ["--out", str(out), "--id", "trial", "--version", "3", "--hardware", "two cores"]
    words += ["--loso", str(loso), "--loso-how", "YOLOv5s", "--card", str(card)]
    assert main(["export", str(final), str(listed), *words]) == 0
    assert "trial 3" in capsys.readouterr().out
    manifest = read_manifest(out / "manifest.toml")
    assert "worse than chance" in manifest.limits[0]
    assert "(YOLOv5s)" in manifest.figures["AUC, shenzhen left out of training"]
    assert manifest.training["Hardware"] == "two cores"
    assert "Command" not in manifest.training
    assert card.read_text(encoding="utf-8") == card_text(manifest, "model-card")
    assert str(tmp_path) not in card.read_text(encoding="utf-8")


def test_a_pack_that_fails_its_checks_replaces_nothing(
    tmp_path: Path, films: list[Film], final: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "trial"
    out.mkdir()
    (out / "manifest.toml").write_text("an older pack", encoding="utf-8")
    monkeypatch.setattr(pack_checks, "PROBABILITY_TOLERANCE", -1.0)
    with pytest.raises(ExportError, match="disagree"):
        export_pack(final, films, out, PackName("trial", "2.0", "Trial"))
    assert [path.name for path in tmp_path.iterdir()] == ["trial"]
    assert (out / "manifest.toml").read_text(encoding="utf-8") == "an older pack"


def test_a_finished_run_is_read_whole_even_where_its_recipe_says_more(
    tmp_path: Path, final: Path
) -> None:
    run = read_final(final)
    assert (run.recipe.scale, run.recipe.stages) == ("n", (Stage(SIDE, 2, 4),))
    assert not run.network.training
    state = torch.load(final, weights_only=True)
    state["recipe"] |= {"grown_from": run.recipe.as_dict(), "unheard_of": 1}
    torch.save(state, tmp_path / "more.pt")
    again = read_final(tmp_path / "more.pt")
    assert again.recipe == run.recipe
    assert again.stored["grown_from"]["scale"] == "n"


def test_a_pack_folder_must_have_the_name_of_its_id(
    tmp_path: Path, films: list[Film], final: Path
) -> None:
    with pytest.raises(ValueError, match="must be called trial"):
        export_pack(final, films, tmp_path / "other", PackName("trial", "1", "T"))
