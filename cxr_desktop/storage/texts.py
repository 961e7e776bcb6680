"""Text as the database can hold it, and names as they are compared."""

from __future__ import annotations

import unicodedata


def storable(text: str) -> str:
    r"""Write bytes of a file name that are no text (lone surrogates) as `\udcNN`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def name_key(name: str) -> str:
    """Return what two spellings of one name share (NFKC, case folded, no outer blanks)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return storable(unicodedata.normalize("NFKC", folded).strip())
