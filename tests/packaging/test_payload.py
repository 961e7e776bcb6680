"""What goes into the frozen program and what stays out."""

import ast
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import payload
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/translations/qtbase_de.qm",
        "PySide6/Qt/plugins/sqldrivers/libqsqlpsql.so",
        "PySide6\\plugins\\sqldrivers\\qsqlodbc.dll",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/opengl32sw.dll",
        "libgtk-3.so.0",
        "libsqlite3.so.0",
        "sqlite3.dll",
        "pydicom/data/test_files/CT_small.dcm",
        "cv2\\opencv_videoio_ffmpeg4120_64.dll",
    ],
)
def test_what_nothing_uses_stays_out(place: str) -> None:
    assert not payload.is_wanted(place)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "libxcb-cursor.so.0",
        "_gdcm/_gdcmswig.so",
        "cv2/cv2.abi3.so",
        "resources/fonts/Inter-Regular.otf",
        "models/some-pack/model.onnx",
    ],
)
def test_what_the_program_needs_goes_in(place: str) -> None:
    assert payload.is_wanted(place)


def test_a_library_that_only_something_left_out_asked_for_is_dropped() -> None:
    asks = {
        "cv2": {"libaom.so", "libc.so.6"},
        "aom": {"libm-inner.so"},
        "pixman": {"libm-inner.so"},
    }
    sources = {
        "cv2/cv2.abi3.so": "cv2",
        "libaom.so": "aom",
        "libm-inner.so": "inner",
        "libpixman-1.so.0": "pixman",
        "PySide6/Qt/lib/libQt6Network.so.6": "network",
        "libpython3.11.so.1.0": "python",
        "PySide6/Qt/plugins/platforms/libqxcb.so": "xcb",
    }
    kept = payload.needed(sources, lambda source: asks.get(source, set()))
    assert sources.keys() - kept == {"libpixman-1.so.0", "PySide6/Qt/lib/libQt6Network.so.6"}


def test_a_library_that_the_window_needs_and_the_build_machine_lacks_is_named() -> None:
    asks: dict[str, list[tuple[str, str | None]]] = {
        "/qt/xcb": [("libQt6XcbQpa.so.6", "/qt/qpa"), ("libc.so.6", "/lib/libc.so.6")],
        "/qt/qpa": [("libxcb-icccm.so.4", None), ("libxcb-cursor.so.0", None)],
    }
    sources = {
        "plugins/libqxcb.so": "/qt/xcb",
        "Qt/lib/libQt6XcbQpa.so.6": "/qt/qpa",
        "libxcb-cursor.so.0": "/lib/cursor",
    }
    lacking = payload.unresolved("plugins/libqxcb.so", sources, lambda file: asks.get(file, []))
    assert lacking == ["libxcb-icccm.so.4"]


def test_every_screen_and_command_is_named_but_training_is_not() -> None:
    names = set(payload.modules(ROOT / "cxr_desktop"))
    screens = re.findall(
        r'"(cxr_desktop\.ui\.screens\.[\w.]+)"',
        (ROOT / "cxr_desktop" / "ui" / "navigation.py").read_text(encoding="utf-8"),
    )
    assert set(screens) <= names
    assert {"cxr_desktop", "cxr_desktop.imaging.decoder_process", "cxr_desktop.cli.main"} <= names
    assert not [name for name in names if "training" in name]


def test_resources_and_models_lie_where_the_program_looks_for_them() -> None:
    folders = {folder for _, folder in payload.data_files(ROOT)}
    assert {"models", "resources/fonts", "resources/icons", "resources/samples"} <= folders
    assert {"docs", "docs/pictures"} <= folders
    assert {folder.partition("/")[0] for folder in folders} == {"models", "resources", "docs"}


def test_an_incomplete_checkout_is_noticed() -> None:
    warnings = (
        "missing module named cxr_desktop.imaging.finder - imported by cxr_desktop.bootstrap\n"
        "missing module named 'cxr_desktop.x' - imported by a\n"
        "excluded module named cxr_desktop.training - imported by b\n"
        "missing module named winreg - imported by cxr_desktop.c\n"
    )
    assert payload.missing_modules(warnings) == ["cxr_desktop.imaging.finder", "cxr_desktop.x"]


def test_files_under_the_gpl_are_found_in_a_bundle() -> None:
    places = ["libreadline.so.8", "python3.11/lib-dynload/readline.cpython-311.so", "libgcc_s.so.1"]
    places += ["PySide6/QtCharts.abi3.so", "_libjpeg.cpython-311.so", "libjpeg.so.62"]
    assert payload.forbidden(places) == sorted([places[0], places[1], places[3], places[4]])


def test_the_packages_whose_version_is_shown_are_installed() -> None:
    missing = []
    for name in payload.WITH_METADATA:
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    assert missing == []


def test_what_about_shows_keeps_its_metadata() -> None:
    from cxr_desktop.ui.shell.about_dialog import PARTS

    shown = {name for name, _ in PARTS}
    assert shown <= set(payload.WITH_METADATA), shown - set(payload.WITH_METADATA)


def test_pyinstaller_sees_by_a_statement_that_the_program_needs_onnxruntime() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in (ROOT / "cxr_desktop").rglob("*.py")]
    found = {
        alias.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert "onnxruntime" in found


def test_the_scripts_import_nothing_from_outside_of_the_standard_library() -> None:
    own = {path.stem for path in (ROOT / "packaging").glob("*.py")}
    in_the_environment = {"entry", "parts", "smoke_films"}
    for name in own - in_the_environment:
        text = (ROOT / "packaging" / f"{name}.py").read_text(encoding="utf-8")
        used = set(re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE))
        assert used <= own | {"dev"} | set(sys.stdlib_module_names), name
