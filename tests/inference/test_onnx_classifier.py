from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.inference.manifest_file import read_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.session import NO_CUDA_BUILD, physical_cores
from tests.support.packs import BIAS, SIDE, Tail, make_pack, tiny_network


def _classifier(folder: Path, device: str = "cpu", **options: bool) -> OnnxClassifier:
    pack = make_pack(folder, **options)  # type: ignore[arg-type] # only truth values are passed
    manifest = read_manifest(pack / "manifest.toml")
    return OnnxClassifier(manifest, (pack / "model.onnx").read_bytes(), device)


def _grey(value: float) -> ModelInput:
    tensor = np.full((1, 3, SIDE, SIDE), value, dtype=np.float32)
    return ModelInput(tensor, FilmRegion(3, 5, 70, 90))


@pytest.mark.parametrize(
    "grey, verdict",
    [(-1.0, Verdict.NORMAL), (-0.05, Verdict.UNCERTAIN), (1.0, Verdict.ABNORMAL)],
)
def test_the_verdict_follows_the_manifests_operating_points(
    tmp_path: Path, grey: float, verdict: Verdict
) -> None:
    assessment = _classifier(tmp_path).assess(_grey(grey))
    assert assessment.verdict is verdict
    assert [score.label for score in assessment.scores] == ["normal", "abnormal"]
    assert sum(score.probability for score in assessment.scores) == pytest.approx(1.0)
    assert assessment.device == "CPU"
    assert assessment.timings.infer > 0
    assert "drawn films" in assessment.meaning


def test_the_probability_is_the_softmax_of_the_logits(tmp_path: Path) -> None:
    classifier = _classifier(tmp_path)
    film = _grey(0.1)
    normal, abnormal = classifier.logits(film.tensor)
    expected = 1 / (1 + np.exp(normal - abnormal))
    assert classifier.assess(film).probability == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("cam", [True, False])
def test_the_heat_map_averages_to_the_log_odds(tmp_path: Path, cam: bool) -> None:
    classifier = _classifier(tmp_path, cam=cam)
    rng = np.random.default_rng(5)
    film = ModelInput(
        rng.normal(0, 0.5, (1, 3, SIDE, SIDE)).astype(np.float32), FilmRegion(3, 5, 70, 90)
    )
    assessment = classifier.assess(film)
    assert assessment.heat_map is not None
    assert assessment.heat_map.region == film.region
    p = assessment.probability
    log_odds = assessment.heat_map.values.mean() + 2 * BIAS
    assert log_odds == pytest.approx(np.log(p / (1 - p)), abs=1e-5)


def test_the_heat_map_points_at_the_bright_corner(tmp_path: Path) -> None:
    tensor = np.full((1, 3, SIDE, SIDE), -0.5, dtype=np.float32)
    tensor[..., :8, 24:] = 3.0
    film = ModelInput(tensor, FilmRegion(0, 0, SIDE, SIDE))
    heat_map = _classifier(tmp_path).assess(film).heat_map
    assert heat_map is not None
    row, column = np.unravel_index(heat_map.values.argmax(), heat_map.values.shape)
    assert row <= 2
    assert column >= 5


def test_a_single_label_that_means_abnormal_is_called_so(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, labels=("pathology", "clear"), abnormal_labels=("pathology",))
    manifest = read_manifest(pack / "manifest.toml")
    classifier = OnnxClassifier(manifest, (pack / "model.onnx").read_bytes(), "cpu")
    bright, dark = classifier.assess(_grey(1.0)), classifier.assess(_grey(-1.0))
    assert [score.label for score in bright.scores] == ["abnormal", "clear"]
    # The bright film drives the LAST output up: here that is "clear".
    assert bright.verdict is Verdict.NORMAL
    assert dark.verdict is Verdict.ABNORMAL


def test_several_abnormal_labels_are_summed(tmp_path: Path) -> None:
    pack = make_pack(
        tmp_path, labels=("normal", "tb", "pneumonia"), abnormal_labels=("tb", "pneumonia")
    )
    manifest = read_manifest(pack / "manifest.toml")
    classifier = OnnxClassifier(manifest, (pack / "model.onnx").read_bytes(), "cpu")
    assessment = classifier.assess(_grey(0.1))
    scores = {score.label: score.probability for score in assessment.scores}
    assert list(scores) == ["abnormal", "normal", "tb", "pneumonia"]
    assert scores["abnormal"] == pytest.approx(scores["tb"] + scores["pneumonia"])
    assert assessment.heat_map is not None


def test_a_network_without_a_global_pool_gives_no_map(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    content = tiny_network(tail=Tail(pool="GlobalMaxPool"))
    assert OnnxClassifier(manifest, content, "cpu").assess(_grey(0.0)).heat_map is None


def test_a_batch_fixed_to_many_is_freed(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    classifier = OnnxClassifier(manifest, tiny_network(batch=8), "cpu")
    assert 0 <= classifier.assess(_grey(0.0)).probability <= 1


def test_asking_for_cuda_on_a_cpu_build_falls_back_with_a_sentence(tmp_path: Path) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime can use CUDA")
    classifier = _classifier(tmp_path, "cuda")
    assert (classifier.device, classifier.notice) == ("CPU", NO_CUDA_BUILD)


def test_auto_runs_without_a_notice_on_a_cpu_build(tmp_path: Path) -> None:
    assert _classifier(tmp_path, "auto").notice == ""


def test_numbers_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    classifier = OnnxClassifier(manifest, tiny_network(scale=float("nan")), "cpu")
    with pytest.raises(ModelUnavailable, match="no usable number"):
        classifier.assess(_grey(1.0))
    with pytest.raises(ModelUnavailable, match="no usable number"):
        classifier.warm_up()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no model", tiny_network()[:200]])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    with pytest.raises(ModelUnavailable, match="could not be loaded"):
        OnnxClassifier(manifest, content, "cpu")


def test_a_network_of_another_size_is_refused(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    with pytest.raises(ModelUnavailable, match="64 x 64"):
        OnnxClassifier(manifest, tiny_network(side=64), "cpu")


def test_a_network_with_other_labels_is_refused(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    with pytest.raises(ModelUnavailable, match="one number for each of 2 labels"):
        OnnxClassifier(manifest, tiny_network(3), "cpu")


def test_an_open_size_fits_every_manifest(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    content = tiny_network(side="side", batch="batch")
    OnnxClassifier(replace(manifest, input=InputSpec(48, 48)), content, "cpu").warm_up()


def test_a_half_precision_export_is_refused_with_what_to_do(tmp_path: Path) -> None:
    manifest = read_manifest(make_pack(tmp_path, golden=False) / "manifest.toml")
    shape = [1, 3, SIDE, SIDE]
    graph = helper.make_graph(
        [helper.make_node("Flatten", ["images"], ["output0"])],
        "half",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT16, shape)],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT16, [1, 3 * SIDE * SIDE])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    with pytest.raises(ModelUnavailable) as caught:
        OnnxClassifier(manifest, model.SerializeToString(), "cpu")
    assert "--half" in caught.value.hint


def test_an_unknown_device_is_a_bug_and_not_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="auto, cpu or cuda"):
        _classifier(tmp_path, "gpu")


def test_physical_cores_are_counted_once_per_core(tmp_path: Path) -> None:
    cpuinfo = tmp_path / "cpuinfo"
    blocks = [
        f"processor\t: {i}\nphysical id\t: 0\ncore id\t\t: {i // 2}\nflags\t\t: a:b"
        for i in range(4)
    ]
    cpuinfo.write_text("\n\n".join(blocks), encoding="ascii")
    assert 1 <= physical_cores(cpuinfo) <= 2
    assert physical_cores(tmp_path / "missing") == 0


def test_two_threads_get_the_same_answers(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    classifier = _classifier(tmp_path)
    films: list[ModelInput] = [_grey(value) for value in np.linspace(-1, 1, 12)]
    alone: list[float] = [classifier.assess(film).probability for film in films]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda film: classifier.assess(film).probability, films))
    assert np.array_equal(np.array(alone), np.array(together))


def test_logits_are_read_only_in_the_models_order(tmp_path: Path) -> None:
    logits: NDArray[np.float64] = _classifier(tmp_path).logits(_grey(1.0).tensor)
    assert logits[1] > logits[0]
