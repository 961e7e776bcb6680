"""Parts with known holes are found in the files of a bundle; SQLite is there once, SQLCipher's."""

import subprocess
import sys
from pathlib import Path

import pytest
import sbom
import versions

ROOT = Path(__file__).resolve().parents[2]
SOURCE = b"\x002026-07-24 19:02:57 " + b"0123456789abcdef" * 4 + b"\0"


def test_parts_with_known_holes_are_named(tmp_path: Path) -> None:
    for name in ("opencv_python_headless-4.11.0.86", "pydicom-3.0.1", "numpy-2.4.6"):
        (tmp_path / f"{name}.dist-info").mkdir()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "any.so.0").write_bytes(SOURCE + b"\x013.40.1\0")
    built = {"name": "PyInstaller", "version": "5.13"}
    said = sbom.too_old([*versions.looked_at(tmp_path), built])
    assert [sentence.split()[0] for sentence in said] == [
        "opencv-python-headless", "pydicom", "SQLite", "PyInstaller",
    ]  # fmt: skip
    assert "SQLite 3.40.1 (inner/any.so.0) is older than 3.51.3." in said


def test_new_parts_are_not_named(tmp_path: Path) -> None:
    for name in ("opencv_python_headless-5.0.0.93", "pydicom-3.0.2"):
        (tmp_path / f"{name}.dist-info").mkdir()
    (tmp_path / "a.pyd").write_bytes(b"OpenSSL\x003.6.0\0" + SOURCE + b"\x013.53.4\0")
    (tmp_path / "b.so").write_bytes(b"GCC_3.4.1\0, and no SQLite in it")
    looked_at = versions.looked_at(tmp_path)
    assert looked_at[2:] == [{"name": "SQLite", "version": "3.53.4", "file": "a.pyd"}]
    assert sbom.too_old(looked_at) == []


def test_a_sqlite_that_does_not_say_its_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "sqlite3.dll").write_bytes(SOURCE)
    assert len(sbom.too_old(versions.looked_at(tmp_path))) == 1


def test_the_version_that_sqlcipher_tells_is_the_one_read_from_its_file() -> None:
    import sqlcipher3

    inner = Path(sqlcipher3.__file__).parent
    assert [row["version"] for row in versions.looked_at(inner)] == [sqlcipher3.sqlite_version]


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("3.40.1", (3, 40, 1)), ("2:1.8.4-2+deb12u2", (1, 8, 4)), ("6", (6,)), ("", ())],
)
def test_versions_are_read(version: str, numbers: tuple[int, ...]) -> None:
    assert sbom.numbers(version) == numbers


def test_films_are_stored_and_listed_where_python_has_no_sqlite_of_its_own(tmp_path: Path) -> None:
    """As in the bundle: `stand_in` before everything else, `_sqlite3` not there."""
    start = (
        "import sys; sys.modules['_sqlite3'] = None\n"
        f"sys.path[:0] = [{str(ROOT / 'packaging' / 'stand_in')!r}, {str(ROOT)!r}]\n"
        "from cxr_desktop.__main__ import main\n"
        "sys.exit(main(['--data-dir', *sys.argv[1:]]))\n"
    )

    def call(*words: str) -> str:
        answer = subprocess.run(
            [sys.executable, "-c", start, str(tmp_path / "data"), *words],
            input="quiet rivers carry paper boats\n",
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr
        return answer.stdout

    call("admin", "create", "it.check", "--password-stdin")
    film = ROOT / "resources" / "samples" / "drawn-1.png"
    signed = ("--user", "it.check", "--password-stdin")
    call("batch", str(film), "--record", *signed)
    assert "drawn-1.png" in call("history", "--json", *signed)
    call("audit", "verify", *signed)
