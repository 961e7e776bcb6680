from pathlib import Path

import pytest

from cxr_desktop.domain import ports
from cxr_desktop.domain.errors import InvalidRequest, ModelUnavailable, StorageUnavailable
from cxr_desktop.inference.catalog import ModelCatalog
from tests.support.packs import make_pack, tiny_network


def _catalog(folder: Path, *built_in: str) -> ModelCatalog:
    (folder / "models").mkdir()
    for model_id in built_in or ("shipped",):
        make_pack(folder / "models", model_id)
    return ModelCatalog(folder / "models", folder / "data" / "models")


def _import(catalog: ModelCatalog, folder: Path, model_id: str) -> None:
    catalog.import_pack(make_pack(folder / "stick", model_id))


def test_it_is_the_domains_model_catalog(tmp_path: Path) -> None:
    catalog: ports.ModelCatalog = _catalog(tmp_path)
    assert [info.ref.id for info in catalog.packs()] == ["shipped"]


def test_the_built_in_pack_is_active_until_another_is_chosen(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    (info,) = catalog.packs()
    assert info.active
    assert info.built_in
    assert not info.problem
    assert catalog.active_pack().manifest.ref == info.ref
    assert not (tmp_path / "data").exists()


def test_activating_survives_a_new_start_and_rolls_back(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    _import(catalog, tmp_path, "second")
    assert catalog.active_id() == "shipped"
    catalog.activate("second")
    again = ModelCatalog(tmp_path / "models", tmp_path / "data" / "models")
    assert again.active_id() == "second"
    assert [info.active for info in again.packs()] == [False, True]
    assert again.roll_back().ref.id == "shipped"
    assert again.active_id() == "shipped"
    assert again.roll_back().ref.id == "second"


def test_activating_twice_keeps_the_way_back(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    _import(catalog, tmp_path, "second")
    catalog.activate("second")
    catalog.activate("second")
    assert catalog.roll_back().ref.id == "shipped"


def test_rolling_back_without_a_former_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="before"):
        _catalog(tmp_path).roll_back()


def test_a_pack_with_another_file_is_listed_with_its_problem(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path, "sound", "tampered")
    with (tmp_path / "models" / "tampered" / "model.onnx").open("ab") as file:
        file.write(b"\0")
    problems = {info.ref.id: info.problem for info in catalog.packs()}
    assert problems["sound"] == ""
    assert "SHA-256" in problems["tampered"]
    with pytest.raises(ModelUnavailable, match="damaged or was replaced"):
        catalog.activate("tampered")
    assert catalog.active_id() == "sound"


def test_a_pack_with_a_broken_manifest_is_listed_with_its_problem(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path, "sound", "torn")
    (tmp_path / "models" / "torn" / "manifest.toml").write_text("id = ", encoding="utf-8")
    infos = {info.ref.id: info for info in catalog.packs()}
    assert "manifest is damaged" in infos["torn"].problem
    assert not infos["sound"].problem


def test_a_folder_of_another_name_is_a_problem(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path, "sound")
    (tmp_path / "models" / "sound").rename(tmp_path / "models" / "renamed")
    (info,) = catalog.packs()
    assert "calls itself “sound”" in info.problem


def test_no_pack_at_all_is_one_sentence(tmp_path: Path) -> None:
    catalog = ModelCatalog(tmp_path / "none", tmp_path / "data")
    assert list(catalog.packs()) == []
    with pytest.raises(ModelUnavailable, match="No model is installed") as caught:
        catalog.active_pack()
    assert caught.value.hint


@pytest.mark.parametrize("model_id", ["unknown", "../shipped", "", "a/b", "SHIPPED"])
def test_an_unknown_id_is_refused(tmp_path: Path, model_id: str) -> None:
    with pytest.raises(ModelUnavailable, match="There is no model"):
        _catalog(tmp_path).activate(model_id)


@pytest.mark.parametrize("content", ["active = 3", "active = ", 'active = "../x"'])
def test_a_damaged_choice_never_turns_to_another_model(tmp_path: Path, content: str) -> None:
    catalog = _catalog(tmp_path)
    note = tmp_path / "data" / "models" / "active.toml"
    note.parent.mkdir(parents=True)
    note.write_text(content, encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="active is damaged"):
        catalog.active_pack()
    assert len(catalog.packs()) == 1
    catalog.activate("shipped")
    assert catalog.active_id() == "shipped"


def test_a_chosen_pack_that_is_gone_never_turns_to_another_model(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    _import(catalog, tmp_path, "second")
    catalog.activate("second")
    (tmp_path / "data" / "models" / "second").rename(tmp_path / "elsewhere")
    with pytest.raises(ModelUnavailable, match="no model “second”"):
        catalog.active_pack()


def test_a_pack_is_imported_with_only_the_files_it_consists_of(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    pack = make_pack(tmp_path / "stick", "second")
    (pack / "README.md").write_text("card", encoding="utf-8")
    (pack / "autorun.exe").write_bytes(b"MZ")
    info = catalog.import_pack(pack)
    assert (info.ref.id, info.active, info.built_in) == ("second", False, False)
    copied = tmp_path / "data" / "models" / "second"
    names = {path.relative_to(copied).as_posix() for path in copied.rglob("*") if path.is_file()}
    assert names == {"manifest.toml", "model.onnx", "README.md", "golden/film.npy"}


@pytest.mark.parametrize("name", ["manifest.toml", "model.onnx"])
def test_pointing_into_a_pack_imports_the_pack(tmp_path: Path, name: str) -> None:
    pack = make_pack(tmp_path / "stick", "second")
    assert _catalog(tmp_path).import_pack(pack / name).ref.id == "second"


@pytest.mark.parametrize("model_id", ["shipped", "second"])
def test_an_id_that_is_taken_is_refused(tmp_path: Path, model_id: str) -> None:
    catalog = _catalog(tmp_path)
    _import(catalog, tmp_path, "second")
    with pytest.raises(InvalidRequest, match="already installed"):
        catalog.import_pack(make_pack(tmp_path / "other", model_id))


def test_a_failed_import_leaves_nothing_behind(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    pack = make_pack(tmp_path / "stick", "second")
    (pack / "golden" / "film.npy").unlink()
    with pytest.raises(ModelUnavailable, match=r"golden/film\.npy"):
        catalog.import_pack(pack)
    assert list((tmp_path / "data" / "models").iterdir()) == []


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    pack = make_pack(tmp_path / "stick", "second")
    film = pack / "golden" / "film.npy"
    film.rename(tmp_path / "outside.npy")
    try:
        film.symlink_to(tmp_path / "outside.npy")
    except OSError:
        pytest.skip("links cannot be made here")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        catalog.import_pack(pack)


def test_a_data_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageUnavailable, match="could not be copied"):
        _import(catalog, tmp_path, "second")
    with pytest.raises(ModelUnavailable):
        catalog.activate("second")


def test_a_choice_that_cannot_be_stored_is_one_sentence(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path, "first", "second")
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises((StorageUnavailable, ModelUnavailable)):
        catalog.activate("second")


def test_a_bare_export_is_imported_with_defaults(tmp_path: Path) -> None:
    catalog = _catalog(tmp_path)
    file = tmp_path / "My best run (2).onnx"
    file.write_bytes(tiny_network(side=64, names="{0: 'PNEUMONIA', 1: 'NORMAL'}"))
    info = catalog.import_pack(file)
    assert info.ref.id.startswith("my-best-run-2-")
    assert "Nothing is known of this model's accuracy" in info.intended_use
    assert info.licence.startswith("Unknown")
    manifest = catalog.pack(info.ref.id).manifest
    assert manifest.labels == ("PNEUMONIA", "NORMAL")
    assert manifest.abnormal_indices == (0,)
    assert (manifest.input.width, manifest.input.height) == (64, 64)
    assert (manifest.input.fit, manifest.input.intensity) == ("centre_crop", "as_read")
    catalog.activate(info.ref.id)


@pytest.mark.parametrize("name", ["notes.txt", "model.pt", "missing.onnx"])
def test_what_is_no_model_is_refused(tmp_path: Path, name: str) -> None:
    if name != "missing.onnx":
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(InvalidRequest) as caught:
        _catalog(tmp_path).import_pack(tmp_path / name)
    assert caught.value.hint


def test_a_text_file_called_onnx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.onnx").write_text("Dear doctor,", encoding="utf-8")
    with pytest.raises(ModelUnavailable):
        _catalog(tmp_path).import_pack(tmp_path / "letter.onnx")


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    with pytest.raises(ModelUnavailable, match="no manifest"):
        _catalog(tmp_path).import_pack(tmp_path / "photos")
