import pytest

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.bare_export import bare_manifest
from cxr_desktop.inference.label_words import means_abnormal
from tests.support.packs import tiny_network


@pytest.mark.parametrize(
    "name, kind",
    [
        ("normal", False),
        ("NORMAL", False),
        ("No_Finding", False),
        ("no finding", False),
        ("healthy", False),
        ("not_abnormal", False),
        ("without-disease", False),
        ("covid negative", False),
        ("pathology", True),
        ("Abnormal", True),
        ("Viral Pneumonia", True),
        ("TB", True),
        ("COVID-19", True),
        ("not normal", True),
        ("covid_positive", True),
        ("normal pneumonia", None),
        ("class_1", None),
        ("frontal", None),
        ("", None),
        ("paranormal", None),
    ],
)
def test_a_label_is_read_by_its_words(name: str, kind: bool | None) -> None:
    assert means_abnormal(name) is kind


@pytest.mark.parametrize(
    "names, abnormal",
    [
        ("{0: 'normal', 1: 'pathology'}", (1,)),
        ("{0: 'abnormal', 1: 'normal'}", (0,)),
        ("{1: 'normal', 0: 'TB'}", (0,)),
        ("['NORMAL', 'PNEUMONIA']", (1,)),
    ],
)
def test_the_class_order_is_read_and_never_assumed(names: str, abnormal: tuple[int, ...]) -> None:
    assert bare_manifest("best", tiny_network(names=names)).abnormal_indices == abnormal


@pytest.mark.parametrize(
    "names",
    [
        "",
        "not python",
        "__import__('os').system('true')",
        "{0: 'normal'}",
        "{0: 'normal', 2: 'pathology'}",
        "{0: 'normal', 1: 7}",
        "{0: 'normal', 1: 'normal'}",
        "[" * 5000,
        "{0: 'normal', 1: '" + "x" * 20_000 + "'}",
    ],
)
def test_names_that_cannot_be_read_are_refused(names: str) -> None:
    with pytest.raises(ModelUnavailable, match="labels are called"):
        bare_manifest("best", tiny_network(names=names))


@pytest.mark.parametrize(
    "names", ["{0: 'frontal', 1: 'lateral'}", "{0: 'normal', 1: 'rotated'}", "{0: 'a', 1: 'b'}"]
)
def test_labels_that_are_not_understood_are_refused(names: str) -> None:
    with pytest.raises(ModelUnavailable, match="not known to mean") as caught:
        bare_manifest("best", tiny_network(names=names))
    assert "manifest.toml" in caught.value.hint


def test_findings_alone_are_refused() -> None:
    with pytest.raises(ModelUnavailable, match="does not tell normal"):
        bare_manifest("best", tiny_network(names="{0: 'tb', 1: 'pneumonia'}"))


def test_a_free_size_becomes_the_classifiers_default() -> None:
    manifest = bare_manifest("best", tiny_network(side="side", batch="batch"))
    assert (manifest.input.width, manifest.input.height) == (224, 224)


def test_two_files_of_one_name_get_two_ids() -> None:
    first = bare_manifest("best", tiny_network())
    second = bare_manifest("best", tiny_network(scale=5.0))
    assert first.id != second.id
