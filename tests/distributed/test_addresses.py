"""To which schedulers films may go."""

import pytest

from cxr_desktop.distributed.addresses import check_address
from cxr_desktop.domain.errors import InvalidRequest


@pytest.mark.parametrize(
    "address",
    ["tls://10.1.2.3:8786", "tls://gpu1:8786", "tcp://127.0.0.1:8786", "tcp://localhost:1",
     "tcp://[::1]:8786"],
)  # fmt: skip
def test_encrypted_ones_and_this_computers_own_may_be_used(address: str) -> None:
    assert check_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["tcp://10.1.2.3:8786", "tcp://gpu1:8786", "tcp://localhost.evil.org:1", "tcp://0.0.0.0:8786"],
)
def test_a_film_never_travels_unencrypted(address: str) -> None:
    with pytest.raises(InvalidRequest, match="unencrypted"):
        check_address(address)


@pytest.mark.parametrize("address", ["", "gpu1", "http://gpu1:80", "tls://gpu1", "ws://gpu1:8786"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(InvalidRequest, match="no address of a scheduler"):
        check_address(address)
