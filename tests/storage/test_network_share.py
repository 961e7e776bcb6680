import os
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.network_share import refuse_network_share
from cxr_desktop.storage.paths import DataPaths

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows names its drives otherwise")

TABLE = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /srv/share rw,relatime - nfs4 server:/export rw,vers=4.2
31 22 0:41 / /srv/with\040blank rw,relatime - cifs //server/xray rw
32 30 8:1 / /srv/share/local rw,relatime - ext4 /dev/sda1 rw
33 22 0:42 / /media/ward rw - fuse.sshfs ada@server: rw
34 22 0:43 / /was/ext4 rw - ext4 /dev/sdb1 rw
35 34 0:44 / /was/ext4 rw - nfs server:/over rw
a line that is none
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(TABLE)
    return path


@pytest.mark.parametrize(
    "folder",
    ["/srv/share", "/srv/share/a/b", "/srv/with blank/data", "/media/ward/x", "/was/ext4/data"],
)
def test_a_data_folder_on_a_share_is_refused_with_the_reason(mounts: Path, folder: str) -> None:
    with pytest.raises(StorageUnavailable, match="network share") as refusal:
        refuse_network_share(Path(folder), mounts)
    assert folder in refusal.value.message
    assert "disk of this computer" in refusal.value.hint


@pytest.mark.parametrize("folder", ["/srv", "/srv/shared", "/srv/share/local/data", "/media"])
def test_a_folder_on_a_disk_of_this_computer_is_taken(mounts: Path, folder: str) -> None:
    refuse_network_share(Path(folder), mounts)


def test_a_link_that_leads_to_a_share_is_seen_through(mounts: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to("/srv/share/data")
    with pytest.raises(StorageUnavailable):
        refuse_network_share(tmp_path / "data", mounts)


def test_a_system_that_does_not_tell_is_believed(tmp_path: Path) -> None:
    refuse_network_share(tmp_path, tmp_path / "absent")


def test_nothing_is_made_on_a_share(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"40 22 0:50 / {tmp_path} rw - nfs server:/all rw\n")
    with pytest.raises(StorageUnavailable, match="network share"):
        DataPaths(tmp_path / "data").prepare(table)
    assert not (tmp_path / "data").exists()
