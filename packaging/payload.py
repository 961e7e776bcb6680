"""What goes into the frozen program and what stays out: pure rules, read by the spec and tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

PROGRAM = "cxr-desktop"
OUTSIDE_PACKAGE = ("resources", "models", "docs")
LICENCES = ("LICENSE", "NOTICE", "docs/THIRD_PARTY.md")

# Read at run time by About and Admin, System (`importlib.metadata`), or by the packages themselves.
WITH_METADATA = (
    "argon2-cffi",
    "cryptography",
    "numpy",
    "onnx",
    "onnxruntime",
    "platformdirs",
    "opencv-python-headless",
    "pydicom",
    "pylibjpeg",
    "pylibjpeg-openjpeg",
    "PySide6-Essentials",
    "python-gdcm",
    "sqlcipher3",
    "sqlite-utils",
)

EXCLUDED_MODULES = (
    "cxr_desktop.training",  # nothing imports it; it needs torch
    "torch",
    # GPL-3 system libraries come with these two, and nothing here asks for them.
    "readline",
    "_gdbm",
    "_sqlite3",  # an old SQLite comes with it; stand_in/ has the one that the program uses
    "_tkinter",
    "tkinter",
    "IPython",
    "matplotlib",
    "pandas",
    "pytest",
    "scipy",
    "sklearn",
    "setuptools",
    "pkg_resources",
    "pip",
    "onnx.backend.test",
    "onnx.reference",
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "PySide6.QtNetwork",
    "PySide6.QtOpenGL",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtSql",
)

# Of what PyInstaller's hooks collect. The reason stands beside each; the places are relative to the
# bundle's inner folder and have forward slashes.
LEFT_OUT = (
    r"PySide6/(Qt/)?translations/",  # Qt's own texts in other languages: the program has one
    r"PySide6/(Qt/)?plugins/sqldrivers/",  # the history speaks to SQLite through Python
    r"PySide6/(Qt/)?plugins/(egldeviceintegrations|generic|networkinformation|tls)/",
    r"PySide6/(Qt/)?plugins/(wayland-\w+|platforminputcontexts/\w*virtualkeyboard\w*)",
    r"PySide6/(Qt/)?plugins/platformthemes/\w*(gtk3|xdgdesktop)\w*",  # GTK; portals need D-Bus
    r"PySide6/(Qt/)?plugins/platforms/\w*(eglfs|linuxfb|minimal|vnc|vkkhr|wayland|direct2d)\w*",
    r"PySide6/(Qt/)?plugins/imageformats/(?!\w*svg)",  # films are decoded in the child, not by Qt
    r"PySide6/((Qt/)?(lib|bin)/)?(lib)?Qt6(Qml|Quick|Pdf|VirtualKeyboard|Wayland|EglFS|Sql)\w*",
    r"PySide6/opengl32sw",  # a 20 MB software OpenGL; widgets are drawn without one
    r"lib(gtk-3|gdk-3|gdk_pixbuf-2|atk-1|atk-bridge-2|atspi|cairo|cairo-gobject|pango\w*-1)\.",
    r"lib(Qt6Qml|Qt6Quick|Qt6Pdf|Qt6VirtualKeyboard|Qt6Wayland|Qt6EglFS|Qt6Sql)\w*\.so",
    r"onnx/(backend|reference)/(test|data)",
    r"pydicom/data/(test_files|palettes)/",
    r"cv2/(data|qt)/",
    r"cv2/opencv_videoio_ffmpeg",  # plays videos; Windows only (SECURITY.md)
    r"(lib)?sqlite3\.",  # whatever asks for it: see `_sqlite3`
)
_LEFT_OUT = re.compile("|".join(f"(?:^{rule})" for rule in LEFT_OUT))

# Files of libraries under the GPL or AGPL that a build machine may have lying around.
FORBIDDEN_FILES = re.compile(
    r"^(libreadline|libgdbm|libhistory|_libjpeg\b|Qt6Charts|libQt6Charts|QtCharts"
    r"|readline\.|_gdbm\.|ultralytics|torch)",
    re.IGNORECASE,
)

# What a bundled library brings with it, and what only something left out had asked for.
_LIBRARY = re.compile(r"^(PySide6/Qt/lib/)?lib[^/]*\.so[^/]*$")
_ALWAYS = re.compile(r"^libpython")  # the start program opens it by name


def is_wanted(place: str) -> bool:
    """Say whether a collected file belongs in the bundle."""
    return _LEFT_OUT.search(PurePosixPath(place.replace("\\", "/")).as_posix()) is None


def modules(package: Path) -> Iterator[str]:
    """Yield every module of the program but training: screens are imported by name at run time."""
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        if not name.startswith("cxr_desktop.training"):
            yield name


def data_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files from outside the package, each with its folder in the bundle."""
    for top in OUTSIDE_PACKAGE:
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and not any(part.startswith(".") for part in path.parts[-2:]):
                yield path, path.parent.relative_to(root).as_posix()


def missing_modules(warnings: str) -> list[str]:
    """Return the program's own modules that PyInstaller's warnings call missing; it goes on."""
    rows = re.findall(r"^missing module named '?(cxr_desktop[\w.]*)", warnings, re.MULTILINE)
    return sorted(set(rows))


def forbidden(places: Iterable[str]) -> list[str]:
    """Return the files of a bundle that must not be given away with it."""
    return sorted(place for place in places if FORBIDDEN_FILES.match(PurePosixPath(place).name))


def needed(sources: Mapping[str, str], asks_for: Callable[[str], Collection[str]]) -> set[str]:
    """Return the places of `sources` (place to source) that something in the bundle needs.

    `asks_for` names the libraries that a file loads. Everything is needed but libraries that only
    something left out had asked for: PyInstaller looks for libraries before the rules of this file.
    """
    libraries = {
        PurePosixPath(place).name: place
        for place in sources
        if _LIBRARY.match(place) and not _ALWAYS.match(place)
    }
    waiting = [place for place in sources if place not in libraries.values()]
    kept: set[str] = set()
    while waiting:
        place = waiting.pop()
        if place not in kept:
            kept.add(place)
            waiting += [libraries[name] for name in asks_for(sources[place]) if name in libraries]
    return kept


def unresolved(
    start: str,
    sources: Mapping[str, str],
    asks_for: Callable[[str], Collection[tuple[str, str | None]]],
) -> list[str]:
    """Return the libraries that `start`, or what it loads, asks for and the build machine lacks.

    `asks_for` gives (name, where it lies or None) of each library that a file loads. PyInstaller
    only warns of these, and the window of such a bundle does not open on other computers.
    """
    inside = {PurePosixPath(place).name: source for place, source in sources.items()}
    waiting, seen, lacking = [sources[start]], set[str](), set[str]()
    while waiting:
        source = waiting.pop()
        if source in seen:
            continue
        seen.add(source)
        for name, found in asks_for(source):
            bare = PurePosixPath(name).name
            if bare in inside:
                waiting.append(inside[bare])
            elif found is None:
                lacking.add(bare)
    return sorted(lacking)
