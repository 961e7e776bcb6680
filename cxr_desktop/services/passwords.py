"""What a new password must be (NIST SP 800-63B-4, 3.1.1.2): long, known to nobody, nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from cxr_desktop.domain.errors import PasswordRefused

MINIMUM_LENGTH = 12
LARGEST_MINIMUM = 64
MAXIMUM_LENGTH = 256
FEWEST_CHARACTERS = 5
LONGEST_DECORATION = 6
COMMON_PARTS = (
    "password", "passwort", "123456", "654321", "qwerty", "asdfgh", "zxcvbn", "abcdef",
    "letmein", "welcome", "changeme", "admin", "hospital", "radiology", "doctor", "xray",
)  # fmt: skip
# What people type in place of letters; “l”, “i” and “1” become one, because each is read as both.
LOOKALIKES = str.maketrans("0134578@$!|€+l9", "oieastbasiietig")


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """The rules for new passwords, as they are now.

    `common` holds passwords that guessers try first, each as `folded` gives it; `minimum` is how
    many characters are needed.
    """

    common: Container[str] = frozenset()
    minimum: int = MINIMUM_LENGTH

    def check(self, password: str, user_name: str) -> None:
        """Raise `PasswordRefused`, naming the rule, for a password that is too easy to guess."""
        if len(password) < self.minimum:
            raise PasswordRefused(
                f"This password has {len(password)} characters; {self.minimum} are needed.",
                hint="Several words in a row are easy to remember and hard to guess.",
            )
        if len(password) > MAXIMUM_LENGTH:
            raise PasswordRefused(
                f"This password is longer than {MAXIMUM_LENGTH} characters.",
                hint="Choose a shorter one.",
            )
        if self._is_easy(password, user_name):
            raise PasswordRefused(
                "This password is easy to guess.",
                hint="Choose several words that do not go together.",
            )

    def _is_easy(self, password: str, user_name: str) -> bool:
        plain = _caseless(password)
        if len(set(plain)) < FEWEST_CHARACTERS:
            return True
        parts = (user_name, *COMMON_PARTS)
        if _common_share(plain, [_caseless(part) for part in parts]) >= 0.5:
            return True
        if _common_share(folded(password), [folded(part) for part in parts]) >= 0.5:
            return True
        return any(form in self.common for form in _forms(plain))


def folded(text: str) -> str:
    """Return what a password is compared by: NFKC, without case, lookalikes as letters."""
    return _caseless(text).translate(LOOKALIKES)


def _caseless(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _forms(plain: str) -> Iterator[str]:
    """Give the spellings under which a password may stand in a list of common ones.

    As it is; without blanks and punctuation; each also without a few characters put in front of or
    behind the word ("Liverpool-2026!"), and as the one word that it repeats.
    """
    for text in (plain, "".join(c for c in plain if c.isalnum())):
        yield folded(text)
        core = _without_decoration(text)
        if len(text) - len(core) <= LONGEST_DECORATION:
            yield folded(core)
            yield folded(_repeated(core))
        yield folded(_repeated(text))


def _without_decoration(text: str) -> str:
    letters = [position for position, c in enumerate(text) if c.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else text


def _repeated(text: str) -> str:
    """Return the part that a text consists of, over and over; else the text itself."""
    length = (text + text).find(text, 1) if text else 0
    return text[:length]


def _common_share(text: str, parts: Sequence[str]) -> float:
    """How much of the password, 0..1, is made of words that a guesser tries first."""
    rest = text
    for part in parts:
        word = part.strip()
        if word:
            rest = rest.replace(word, "\n")
    own = sum(character != "\n" for character in rest)
    return 1.0 - own / len(text)
