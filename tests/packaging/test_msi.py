"""The MSI's list of files, and what its description promises."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import msi

WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


def test_each_file_is_one_component_in_its_folder(tmp_path: Path) -> None:
    bundle = tmp_path / "cxr-desktop"
    for place in ("cxr-desktop.exe", "_internal/a.dll", "_internal/R & D/a.dll"):
        (bundle / place).parent.mkdir(parents=True, exist_ok=True)
        (bundle / place).write_bytes(b"1")
    root = ET.fromstring(msi.file_list(bundle))  # noqa: S314 - made right here
    top = root.find(f"./{WIX}Fragment/{WIX}DirectoryRef[@Id='INSTALLDIR']")
    assert top is not None
    sources = [row.attrib["Source"] for row in root.iter(f"{WIX}File")]
    assert sorted(sources) == [
        "cxr-desktop/_internal/R & D/a.dll",
        "cxr-desktop/_internal/a.dll",
        "cxr-desktop/cxr-desktop.exe",
    ]
    inner = top.find(f"./{WIX}Directory[@Name='_internal']/{WIX}Directory[@Name='R & D']")
    assert inner is not None
    made = [row.attrib["Id"] for row in root.iter(f"{WIX}Component")]
    named = [row.attrib["Id"] for row in root.iter(f"{WIX}ComponentRef")]
    assert sorted(made) == sorted(named)
    assert len(set(made)) == len(sources)
    assert msi.file_list(bundle) == msi.file_list(bundle)


def test_it_is_for_all_users_takes_updates_and_removes_no_data() -> None:
    text = msi.PRODUCT.read_text(encoding="utf-8")
    root = ET.fromstring(text)  # noqa: S314 - our own file
    package = root.find(f"./{WIX}Product/{WIX}Package")
    assert package is not None
    assert package.attrib["InstallScope"] == "perMachine"
    assert root.find(f"./{WIX}Product/{WIX}MajorUpgrade") is not None
    assert not re.search("RemoveFolder|RemoveFile|LocalAppData|CommonAppData", text)
    target = next(root.iter(f"{WIX}Shortcut")).attrib["Target"]
    assert target == "[INSTALLDIR]cxr-desktop-window.exe"
