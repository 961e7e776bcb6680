"""The Debian package, the Windows installer, the lists of versions, the sums."""

import hashlib
import re
import stat
import sys
import tarfile
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import installers
import payload
import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
WINDOWS_ONLY = {"colorama", "pefile", "pywin32-ctypes"}


def locked(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", text, re.MULTILINE))


def fetch_requirements() -> Callable[[Path], list[str]]:
    spec = spec_from_file_location("fetch_wheels", PACKAGING / "windows" / "fetch_wheels.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    wanted: Callable[[Path], list[str]] = module.requirements
    return wanted


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    (folder / "_internal").mkdir(parents=True)
    (folder / "cxr-desktop").write_bytes(b"program")
    (folder / "cxr-desktop").chmod(0o700)
    (folder / "_internal" / "data").write_bytes(b"1234")
    (folder / "_internal" / "data").chmod(0o600)
    return folder


def test_the_control_file_is_what_dpkg_reads() -> None:
    text = installers.control("1.2.3", 400_000, "2.36")
    assert re.search(r"^Package: cxr-desktop$", text, re.MULTILINE)
    assert re.search(r"^Version: 1\.2\.3$", text, re.MULTILINE)
    assert re.search(r"^Depends: libc6 \(>= 2\.36\), libgl1, libegl1, ", text, re.MULTILINE)
    lines = text[text.index("Description:") :].splitlines()
    assert all(line.startswith(" ") for line in lines[1:])
    assert text.endswith("\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Debian packages are made on Linux")
def test_the_package_puts_files_where_debian_has_them(bundle: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    installers.lay_out(bundle, PACKAGING, tree)
    link = tree / "usr/bin/cxr-desktop"
    assert link.is_symlink()
    assert link.resolve() == tree / "opt/cxr-desktop/cxr-desktop"
    entry = (tree / "usr/share/applications/cxr-desktop.desktop").read_text(encoding="utf-8")
    assert (tree / "usr/share/icons/hicolor/scalable/apps/cxr-desktop.svg").is_file()
    assert dict(line.split("=", 1) for line in entry.splitlines()[1:])["Icon"] == "cxr-desktop"
    assert stat.S_IMODE((tree / "opt/cxr-desktop/cxr-desktop").stat().st_mode) == 0o755
    assert stat.S_IMODE((tree / "opt/cxr-desktop/_internal/data").stat().st_mode) == 0o644


def test_the_desktop_entry_is_valid() -> None:
    text = (PACKAGING / "linux" / "cxr-desktop.desktop").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    rows = dict(line.split("=", 1) for line in lines)
    assert head == "[Desktop Entry]"
    assert {"Type", "Name", "Exec", "Icon", "Categories"} <= rows.keys()
    assert (rows["Exec"], rows["Terminal"]) == (payload.PROGRAM, "false")
    assert all(rows[key].endswith(";") for key in ("Categories", "Keywords"))


@pytest.mark.skipif(sys.platform == "win32", reason="made on Linux")
@pytest.mark.parametrize("with_xz", [True, False])
def test_the_archive_belongs_to_root_and_can_be_read_by_all(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_xz: bool
) -> None:
    if not with_xz:
        monkeypatch.setenv("PATH", "")
    installers.make_tar(bundle, tmp_path / "out.tar.xz")
    with tarfile.open(tmp_path / "out.tar.xz") as archive:
        rows = {row.name: row for row in archive}
    assert set(rows) == {
        "bundle", "bundle/cxr-desktop", "bundle/_internal", "bundle/_internal/data",
    }  # fmt: skip
    assert {(row.uid, row.gid) for row in rows.values()} == {(0, 0)}
    assert rows["bundle/cxr-desktop"].mode == 0o755
    assert rows["bundle/_internal/data"].mode == 0o644


def test_the_sums_are_those_of_the_files(tmp_path: Path) -> None:
    for name in ("b.deb", "a.json"):
        (tmp_path / name).write_bytes(name.encode())
    installers.write_sums([tmp_path / "b.deb", tmp_path / "a.json"], tmp_path / "SHA256SUMS")
    first, second = (hashlib.sha256(name).hexdigest() for name in (b"a.json", b"b.deb"))
    written = (tmp_path / "SHA256SUMS").read_text(encoding="ascii")
    assert written == f"{first}  a.json\n{second}  b.deb\n"


def test_the_windows_installer_keeps_data_unless_told_and_asks_for_no_rights() -> None:
    script = (PACKAGING / "windows" / "installer.nsi").read_text(encoding="utf-8")
    assert "RequestExecutionLevel user" in script
    assert "HKLM" not in script
    removed = script.index('RMDir /r "$LOCALAPPDATA\\${ID}"')
    assert script.rindex("/DELETEDATA", 0, removed) > script.index('Section "Uninstall"')
    assert script.count('RMDir /r "$INSTDIR"') == 0  # somebody may have chosen a folder of theirs
    for name in payload.LICENCES:
        assert f'Delete "$INSTDIR\\{Path(name).name}"' in script


def test_the_wheelhouse_names_what_only_windows_needs() -> None:
    wanted = fetch_requirements()(ROOT)
    named = {row.partition("==")[0] for row in wanted}
    assert named >= WINDOWS_ONLY
    assert named == {**locked("lock.txt"), **locked("lock-packaging.txt")}.keys()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", row) for row in wanted)


def test_packaging_locks_nothing_twice_and_the_gpu_add_on_stands_alone() -> None:
    packaging, program = locked("lock-packaging.txt"), locked("lock.txt")
    assert packaging.keys() & program.keys() == set()
    assert tuple(map(int, packaging["pyinstaller"].split("."))) >= (6,)
    gpu = locked("lock-gpu.txt")
    assert "onnxruntime-gpu" in gpu
    assert gpu.keys() & program.keys() == set()
