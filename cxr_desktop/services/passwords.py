"""What a new password must be (NIST SP 800-63B-4, 3.1.1.2): long, known to nobody, nothing else."""

from __future__ import annotations

from cxr_desktop.domain.errors import PasswordRefused

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256
COMMON_PARTS = ("password", "passwort", "123456", "qwerty", "letmein", "welcome", "radiology")


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
    if len(set(folded)) < 5 or any(_mostly(part, folded) for part in (*COMMON_PARTS, user_name)):
        raise PasswordRefused(
            "This password is easy to guess.", hint="Choose several words that do not go together."
        )


def _mostly(part: str, folded: str) -> bool:
    """Whether `part`, repeated or not, makes up at least half of the password."""
    part = part.casefold().strip()
    return bool(part) and folded.count(part) * len(part) * 2 >= len(folded)
