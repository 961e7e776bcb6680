"""Words as the search sees them: the same for what is stored and for what is typed.

Case, accents and vowel marks do not count, every script's digits are the same, letters that
Arabic, Persian and Urdu keyboards type differently are one, and each Chinese or Japanese character
is a word of its own, because those names have no blanks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

ASKED_CHARACTERS = 256
ASKED_CHUNKS = 16
PIECE = 3
"""Letters of a piece of a word: so many must be typed to find letters inside words."""
END = "·"
"""Stands behind each text of an exam; no word has it."""
# A letter that no name begins with (a click of southern African languages).
SAID = "ʘ"
INDEXED_BEGINNING = 4

# What Unicode's decomposition leaves apart though people mean the same.
SAME = str.maketrans(
    {
        "ى": "ي",  # alef maksura
        "ی": "ي",  # Persian and Urdu yeh
        "ک": "ك",  # Persian and Urdu kaf
        "ة": "ه",  # teh marbuta
        "ہ": "ه",  # Urdu heh goal
        "ۃ": "ه",  # Urdu teh marbuta goal
        "ھ": "ه",  # Urdu heh doachashmee
        "ە": "ه",  # Kurdish and Uyghur ae
        "ٱ": "ا",  # alef wasla
        "ـ": "",  # tatweel only stretches a word
        "'": "",  # O'Brien and OBrien are one
        "’": "",
        "ʼ": "",
        "ʻ": "",
        "`": "",
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ı": "i",
    }
)

# The same for plain ASCII, and much quicker.
_PLAIN = str.maketrans(
    {chr(point): " " for point in range(128) if not chr(point).isalnum()} | {"'": "", "`": ""}
)
IDEOGRAPHS = (
    (0x3040, 0x30FF),  # hiragana, katakana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def words(text: str) -> list[str]:
    """Return the words of a text as they are stored and compared: letters and digits only."""
    if text.isascii():
        return text.casefold().translate(_PLAIN).split()
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(SAME)
    return "".join(_shown(character) for character in apart).split()


def exam_words(texts: Iterable[str]) -> str:
    """Return all words of an exam as one text: a blank before each, an END behind each text."""
    return "".join(f" {word}" for text in texts for word in (*words(text), END))


def pieces(stored: str) -> str:
    """Return what `match_expressions` look for, of an exam's words as `exam_words` wrote them.

    Of each word its first letter, its first two, and every three letters that follow each other:
    letters inside a word are found as a row of pieces, and no row goes on into the next word.
    """
    return " ".join(piece for word in stored.split() for piece in _pieces(word))


def match_expressions(asked: str) -> list[str]:
    """Return FTS5 queries, all of which find an exam with these letters in its words.

    Three letters or more are found anywhere in a word, fewer at its beginning. Things typed
    together ("doe^jane", "P-17", "王小明") must stand together. Nothing typed reaches FTS5 but
    letters and digits inside quotes, so no text is an operator.
    """
    return [_quoted(_row_of_pieces(chunk)) for chunk in _chunks(asked)]


def review_expression(asked: str, may_be_said: Sequence[bool]) -> str:
    """Return an FTS5 query for reviews with words that begin so, one at least in their text.

    The other words may be those of the exam, so that a name and a finding are found together.
    `may_be_said` tells of each of `review_beginnings` whether any review is found by it.
    """
    chunks = _chunks(asked)
    said = [_phrase([f"{SAID}{word}" for word in chunk]) for chunk in chunks]
    some = [one for one, may_be in zip(said, may_be_said, strict=True) if may_be]
    if len(some) == 1:
        own = [_phrase(chunk) for chunk, one in zip(chunks, said, strict=True) if one not in some]
        return " AND ".join((*some, *own))
    either = (
        f"({_phrase(chunk)} OR {one})" if one in some else _phrase(chunk)
        for chunk, one in zip(chunks, said, strict=True)
    )
    return f"({' OR '.join(some)}) AND {' AND '.join(either)}"


def review_beginnings(asked: str) -> list[str]:
    """Return FTS5 queries that find, each at once, in which reviews one of the words may be.

    They ask for the beginnings that the index of `said_search` holds.
    """
    return [_phrase([f"{SAID}{chunk[0]}"[:INDEXED_BEGINNING]]) for chunk in _chunks(asked)]


def exam_expressions(texts: Iterable[str]) -> set[str]:
    """Return each of `match_expressions` that finds an exam of these texts by one piece alone."""
    return {_quoted([piece]) for piece in pieces(exam_words(texts)).split() if piece != END}


def said_expressions(text: str) -> set[str]:
    """Return each of `review_beginnings` that finds a review of this text."""
    lengths = range(len(SAID) + 1, INDEXED_BEGINNING + 1)
    return {_phrase([word[:length]]) for word in said_words(text) for length in lengths}


def said_words(text: str) -> list[str]:
    """Return the words of a review, marked: terms of their own among those of the exam."""
    return [f"{SAID}{word}" for word in words(text)]


def _chunks(asked: str) -> list[list[str]]:
    chunks = [words(chunk) for chunk in asked[:ASKED_CHARACTERS].split()][:ASKED_CHUNKS]
    return [chunk for chunk in chunks if chunk]


def _pieces(word: str) -> list[str]:
    whole = [word[start : start + PIECE] for start in range(len(word) - PIECE + 1)]
    return [word[:length] for length in range(1, min(len(word), PIECE - 1) + 1)] + whole


def _row_of_pieces(chunk: list[str]) -> list[str]:
    first, *others = chunk
    begun = _pieces(first)
    return [
        *begun[min(len(begun), PIECE) - 1 :],
        *(one for word in others for one in _pieces(word)),
    ]


def _quoted(words_or_pieces: list[str]) -> str:
    return f'"{" ".join(words_or_pieces)}"'


def _phrase(chunk: list[str]) -> str:
    return f"{_quoted(chunk)} *"


def sort_key(text: str) -> str:
    """Return what a name is sorted by."""
    return " ".join(words(text))


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Nd":
        return str(unicodedata.digit(character))
    if kind[0] == "L":
        return f" {character} " if _is_ideograph(character) else character
    if kind[0] == "N":
        return character
    # Vowel and accent marks, and joiners inside a word, go without a gap.
    return "" if kind[0] == "M" or kind == "Cf" else " "


def _is_ideograph(character: str) -> bool:
    point = ord(character)
    return any(low <= point <= high for low, high in IDEOGRAPHS)
