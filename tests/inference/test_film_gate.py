"""The gate refuses what is no film, says why, and fails closed when its file is not right."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, RefusalCode
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.imaging.preprocess import prepare, prepare_pixels
from cxr_desktop.inference.catalog import ModelCatalog
from cxr_desktop.inference.film_gate import (
    CLASSES,
    FilmGate,
    FilmSpace,
    GateNumbers,
    grey_of,
    margins,
    picture_values,
    reason,
)
from cxr_desktop.inference.gate_file import gate_bytes, read_gate
from cxr_desktop.inference.importer import import_model
from cxr_desktop.inference.manifest import GateFile
from cxr_desktop.inference.manifest_file import read_manifest, write_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import open_pack
from cxr_desktop.inference.source import ActiveClassifier, load_classifier
from tests.support.packs import CHANNELS, SIDE, SPEC, make_pack, tiny_gate


def _grey(value: float) -> ModelInput:
    tensor = np.full((1, 3, SIDE, SIDE), value, dtype=np.float32)
    return ModelInput(tensor, FilmRegion(0, 0, SIDE, SIDE))


def _classifier(folder: Path, against: str = "other") -> OnnxClassifier:
    pack = make_pack(folder, features=True, gate=tiny_gate(against))
    return load_classifier(open_pack(pack), prepare, "cpu")


def test_a_film_passes_and_is_answered_as_without_a_gate(tmp_path: Path) -> None:
    gated = _classifier(tmp_path / "one").assess(_grey(0.3))
    free = load_classifier(open_pack(make_pack(tmp_path / "two")), prepare, "cpu")
    assert gated.probability == free.assess(_grey(0.3)).probability


@pytest.mark.parametrize(
    "against, code, word",
    [
        ("other", RefusalCode.NOT_A_CHEST, "does not look like"),
        ("upside down", RefusalCode.NOT_UPRIGHT, "upside down"),
        ("turned", RefusalCode.NOT_UPRIGHT, "on its side"),
        ("inverted", RefusalCode.INVERTED, "negative"),
        ("cropped", RefusalCode.CROPPED, "only a part"),
    ],
)
def test_what_is_no_film_is_refused_with_its_reason(
    tmp_path: Path, against: str, code: RefusalCode, word: str
) -> None:
    with pytest.raises(FilmRefused, match=word) as caught:
        _classifier(tmp_path, against).assess(_grey(-1.5))
    assert caught.value.refusal is code
    assert caught.value.hint


def test_the_network_runs_once_per_film(tmp_path: Path) -> None:
    classifier = _classifier(tmp_path)
    runs = []
    inner = classifier.run

    def counted(tensor: Any) -> Any:
        runs.append(tensor)
        return inner(tensor)

    classifier.run = counted  # type: ignore[method-assign] # counts, then does the same
    classifier.assess(_grey(0.2))
    assert len(runs) == 1


def test_a_reason_that_does_not_stand_out_is_not_given() -> None:
    assert CLASSES[1:] == ("upside down", "turned", "inverted", "cropped", "other")
    assert reason(np.array([9.0, 3.0, 0.0, 0.0, 0.0, 0.0])) == "upside down"
    assert reason(np.array([9.0, 3.0, 3.0, 0.0, 0.0, 0.0])) == "other"


def test_margins_are_the_log_odds_of_a_film() -> None:
    scores = np.log([[0.5, 0.1, 0.1, 0.1, 0.1, 0.1]])
    assert margins(scores)[0] == pytest.approx(0.0, abs=1e-12)


def test_distances_are_those_of_plain_geometry() -> None:
    space = FilmSpace(
        mean=np.array([1.0, 0.0, 0.0]),
        axes=np.array([[1.0], [0.0], [0.0]]),
        scale=np.array([2.0]),
        centres=np.array([[0.0], [3.0]]),
        bank=np.array([[1.0], [1.0], [1.0], [1.0], [1.0], [9.0]]),
    )
    at, distances = space.place(np.array([[5.0, 3.0, 4.0]]))
    assert at.tolist() == [[2.0]]
    np.testing.assert_allclose(np.exp(distances), [[5.0, 1.0, 1.0]], atol=1e-5)
    _, without_itself = space.place(np.array([[19.0, 0.0, 0.0]]), np.array([5]))
    assert np.exp(without_itself[0, 2]) == pytest.approx(8.0, abs=1e-5)


def test_picture_values_are_cells_and_facts() -> None:
    grey = draw_chest(224, 224, seed=3)
    values = picture_values(grey[None])
    assert values.shape == (1, 265)
    assert values[0, 17] == pytest.approx(grey[14:28, 14:28].mean(), abs=1e-6)
    assert values[0, 256] == pytest.approx(grey.mean(), abs=1e-5)
    spec = InputSpec()
    back = grey_of(prepare_pixels(grey, replace(spec, intensity="as_read")).tensor, spec)
    np.testing.assert_allclose(back[0], grey, atol=1e-6)


def test_an_even_picture_has_finite_values() -> None:
    assert np.isfinite(picture_values(np.zeros((2, SIDE, SIDE), np.float32))).all()


def test_the_numbers_of_a_whole_gate_are_less_than_a_mebibyte() -> None:
    rng = np.random.default_rng(1)

    def space(values: int, count: int) -> FilmSpace:
        return FilmSpace(
            rng.normal(size=values), rng.normal(size=(values, count)), np.ones(count),
            rng.normal(size=(11, count)), rng.normal(size=(600, count)),
        )  # fmt: skip

    read = 3 + 64 + 3 + 265
    numbers = GateNumbers(
        space(1280, 64), space(265, 24), np.zeros(read), np.ones(read),
        np.zeros((6, read)), np.zeros(6), -9.0,
    )  # fmt: skip
    content = gate_bytes(numbers)
    assert len(content) < 1 << 20


def test_a_gate_is_read_back_as_it_was_written() -> None:
    gate = tiny_gate("turned")
    again = read_gate(gate_bytes(gate), SPEC).numbers
    inputs = gate.inputs(np.ones((1, CHANNELS)), np.ones((1, 265)))
    np.testing.assert_allclose(again.scores(inputs), gate.scores(inputs), atol=1e-3)


@pytest.mark.parametrize(
    "harm",
    [
        lambda c: b"",
        lambda c: b"no archive at all",
        lambda c: c[: len(c) // 2],
        lambda c: gate_bytes(replace(tiny_gate(), bias=np.zeros(3))),
        lambda c: gate_bytes(replace(tiny_gate(), spread=np.zeros(273))),
        lambda c: gate_bytes(replace(tiny_gate(), weights=np.full((6, 273), np.nan))),
        lambda c: gate_bytes(
            replace(tiny_gate(), network=replace(tiny_gate().network, bank=np.zeros((2, 2))))
        ),
    ],
)
def test_an_unsound_gate_is_model_unavailable(harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ModelUnavailable, match="damaged"):
        read_gate(harm(gate_bytes(tiny_gate())), SPEC)


def test_a_gate_with_objects_in_it_is_not_unpickled() -> None:
    content = gate_bytes(tiny_gate())
    with pytest.raises(ModelUnavailable, match="damaged"):
        read_gate(content.replace(b"'<f4'", b"'|O8'", 1), SPEC)


def test_a_pack_whose_gate_was_changed_or_lost_is_not_run(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, features=True, gate=tiny_gate())
    (pack / "gate.npz").write_bytes(gate_bytes(tiny_gate(darkest=-9.0)))
    catalog = ModelCatalog(tmp_path, tmp_path / "own")
    assert "must not read" in catalog.packs()[0].problem
    with pytest.raises(ModelUnavailable, match="replaced"):
        catalog.activate("tiny")
    (pack / "gate.npz").unlink()
    with pytest.raises(ModelUnavailable, match="missing"):
        ActiveClassifier(catalog, prepare, lambda: "cpu").get()


def test_a_gate_that_lies_outside_its_pack_is_not_read(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, features=True, gate=tiny_gate())
    (pack / "gate.npz").rename(tmp_path / "gate.npz")
    (pack / "gate.npz").symlink_to(tmp_path / "gate.npz")
    with pytest.raises(ModelUnavailable, match="must not read"):
        open_pack(pack).film_gate()
    with pytest.raises(ValueError, match="inside the pack"):
        GateFile("../gate.npz", "0" * 64)


def test_a_gate_without_the_features_it_needs_is_model_unavailable(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, features=False, gate=tiny_gate())
    with pytest.raises(ModelUnavailable, match="features"):
        load_classifier(open_pack(pack), prepare, "cpu")


def test_a_gate_for_another_network_is_model_unavailable(tmp_path: Path) -> None:
    wide = replace(tiny_gate().network, mean=np.zeros(9), axes=np.eye(9, 2))
    pack = make_pack(tmp_path, features=True, gate=replace(tiny_gate(), network=wide))
    with pytest.raises(ModelUnavailable, match="features"):
        load_classifier(open_pack(pack), prepare, "cpu")


def test_a_pack_without_a_gate_answers_every_film(tmp_path: Path) -> None:
    pack = open_pack(make_pack(tmp_path, features=True))
    assert pack.film_gate() is None
    assert load_classifier(pack, prepare, "cpu").assess(_grey(-1.5)).probability < 0.5


def test_an_imported_pack_brings_its_gate(tmp_path: Path) -> None:
    source = make_pack(tmp_path / "usb", features=True, gate=tiny_gate())
    pack = import_model(source, tmp_path / "own")
    assert isinstance(pack.film_gate(), FilmGate)
    with pytest.raises(FilmRefused):
        load_classifier(pack, prepare, "cpu").assess(_grey(-1.5))


def test_a_pack_with_a_wrong_gate_hash_is_not_imported(tmp_path: Path) -> None:
    source = make_pack(tmp_path / "usb", features=True, gate=tiny_gate())
    manifest = read_manifest(source / "manifest.toml")
    wrong = GateFile("gate.npz", hashlib.sha256(b"other").hexdigest())
    write_manifest(replace(manifest, gate=wrong), source / "manifest.toml")
    with pytest.raises(ModelUnavailable, match="replaced"):
        import_model(source, tmp_path / "own")
    assert not list((tmp_path / "own").glob("*"))
