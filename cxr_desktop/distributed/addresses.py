"""Which schedulers films may be sent to: patients' data do not travel unencrypted."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from cxr_desktop.domain.errors import InvalidRequest

ADDRESS = re.compile(r"(tcp|tls)://.+:\d+")


def check_address(address: str) -> str:
    """Return the address as it is. Raises `InvalidRequest` for one that may not be used."""
    if ADDRESS.fullmatch(address) is None:
        raise InvalidRequest(
            f"“{address}” is no address of a scheduler.",
            hint="Write it as tls://HOST:PORT, or tcp://127.0.0.1:PORT for one on this computer.",
        )
    parts = urlsplit(address)
    if parts.scheme != "tls" and not _is_here(parts.hostname or ""):
        raise InvalidRequest(
            "Films would travel to another computer unencrypted.",
            hint="Use a scheduler with certificates: tls://HOST:PORT (docs/scaling.md).",
        )
    return address


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
