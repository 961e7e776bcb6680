"""A password for somebody else: random, and easy to read out and to type once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from cxr_desktop.domain.errors import PasswordRefused
from cxr_desktop.services.passwords import PasswordRules

# Without 0/o, 1/i/l, u/v: nothing that is mistaken for something else on paper.
LETTERS = "abcdefghjkmnpqrstwxyz23456789"
GROUPS, LENGTH = 4, 4


def suggest_password(
    user_name: str,
    rules: PasswordRules,
    choice: Callable[[Sequence[str]], str] = secrets.choice,
) -> str:
    """Return four groups of four, such as “kf7m-2wqa-…”: 77 bits, accepted by the rules.

    More groups where the rules ask for a longer password.
    """
    count = max(GROUPS, -(-(rules.minimum + 1) // (LENGTH + 1)))
    while True:
        groups = ("".join(choice(LETTERS) for _ in range(LENGTH)) for _ in range(count))
        password = "-".join(groups)
        try:
            rules.check(password, user_name)
        except PasswordRefused:
            continue
        return password
