"""What a new password must be (NIST SP 800-63B-4, 3.1.1.2): long, known to nobody, nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from cxr_desktop.domain.errors import PasswordRefused

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256
COMMON_PARTS = (
    "password", "passwort", "123456", "654321", "qwerty", "asdfgh", "zxcvbn", "abcdef",
    "letmein", "welcome", "changeme", "admin", "hospital", "radiology", "doctor", "xray",
)  # fmt: skip


def check_new_password(password: str, user_name: str) -> None:
    """Raise `PasswordRefused`, naming the rule, for a password that is too easy to guess."""
    if len(password) < MINIMUM_LENGTH:
        raise PasswordRefused(
            f"This password has {len(password)} characters; {MINIMUM_LENGTH} are needed.",
            hint="Several words in a row are easy to remember and hard to guess.",
        )
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordRefused(
            f"This password is longer than {MAXIMUM_LENGTH} characters.",
            hint="Choose a shorter one.",
        )
    folded = password.casefold()
    if len(set(folded)) < 5 or _common_share(folded, (user_name, *COMMON_PARTS)) >= 0.5:
        raise PasswordRefused(
            "This password is easy to guess.", hint="Choose several words that do not go together."
        )


def _common_share(folded: str, parts: Sequence[str]) -> float:
    """How much of the password, 0..1, is made of words that a guesser tries first."""
    rest = folded
    for part in parts:
        word = part.casefold().strip()
        if word:
            rest = rest.replace(word, "\n")
    own = sum(character != "\n" for character in rest)
    return 1.0 - own / len(folded)
