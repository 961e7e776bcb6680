"""Reasons that a person must give and that are kept in the audit log."""

from __future__ import annotations

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.texts import one_line


def checked_reason(typed: str, shortest: int, longest: int, hint: str) -> str:
    """Return it as it is kept. Raises `InvalidRequest` with `hint` when its length is another."""
    said = one_line(typed)
    if not shortest <= len(said) <= longest:
        raise InvalidRequest(f"A reason has {shortest} to {longest} characters.", hint=hint)
    return said
