"""Ways to damage a file, from a flipped bit to a header that lies about its size.

TO ADD A MUTATOR: one function (bytes and a generator of random numbers in, bytes out) and its line
in `MUTATORS`.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable, Sequence

from tests.support.film_files import png_chunk
from tests.support.picture_files import PNG_MAGIC

Mutator = Callable[[bytes, random.Random], bytes]
NUMBERS = (0, 1, 2, 3, 7, 8, 16, 127, 128, 255, 256, 4095, 4096, 8000, 32767, 32768, 65500, 65535)
LONG_NUMBERS = (*NUMBERS, 70_000, 1 << 24, (1 << 31) - 1, 1 << 31, (1 << 32) - 2, (1 << 32) - 1)
HEADER = 700  # where most of what steers a decoder stands
TAG = re.compile(rb"[\x08\x18\x20\x28\x02\x10]\0[\0-\xff][\0\x10\x30\x60\x90]([A-Z]{2})", re.DOTALL)
SIZES = re.compile(
    rb"\xff[\xc0-\xc3\xf7]\0|\xff\x51\0|IHDR|\x28\0[\x10\x11]\0US|[\0\x01]\x01\x03\0"
)
MOST_INFLATED = 1 << 20


def flip_bits(data: bytes, dice: random.Random) -> bytes:
    """Flip one to eight bits anywhere."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def flip_header_bits(data: bytes, dice: random.Random) -> bytes:
    """Flip one to eight bits among the first bytes."""
    return flip_bits(data[:HEADER], dice) + data[HEADER:]


def set_bytes(data: bytes, dice: random.Random) -> bytes:
    """Give some bytes another value, 00 and FF above all."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        out[dice.randrange(len(out))] = dice.choice((0, 255, dice.randrange(256)))
    return bytes(out)


def cut(data: bytes, dice: random.Random) -> bytes:
    """Leave out the end."""
    return data[: dice.randrange(1, max(2, len(data)))]


def cut_and_end(data: bytes, dice: random.Random) -> bytes:
    """Leave out the end and put the end marker of a JPEG stream there."""
    return cut(data, dice) + b"\xff\xd9"


def remove(data: bytes, dice: random.Random) -> bytes:
    """Leave out a piece."""
    at = dice.randrange(len(data))
    return data[:at] + data[at + dice.randint(1, 64) :] or b"\0"


def insert(data: bytes, dice: random.Random) -> bytes:
    """Put in a piece that was not there."""
    at = dice.randrange(len(data))
    return data[:at] + dice.randbytes(dice.randint(1, 64)) + data[at:]


def repeat(data: bytes, dice: random.Random) -> bytes:
    """Have a piece twice, or many times."""
    at = dice.randrange(len(data))
    return data[:at] + data[at : at + dice.randint(1, 256)] * dice.choice((2, 3, 50)) + data[at:]


def blank(data: bytes, dice: random.Random) -> bytes:
    """Make a piece all 00 or all FF, as a bad sector does."""
    at, length = dice.randrange(len(data)), dice.randint(1, 512)
    piece = dice.choice((b"\0", b"\xff")) * len(data[at : at + length])
    return data[:at] + piece + data[at + length :]


def swap(data: bytes, dice: random.Random) -> bytes:
    """Let two pieces change places."""
    first, second = sorted(dice.choices(range(len(data)), k=2))
    length = min(dice.randint(1, 128), second - first, len(data) - second)
    one, other = data[first : first + length], data[second : second + length]
    between = data[first + length : second]
    return data[:first] + other + between + one + data[second + length :]


def lie_in_a_number(data: bytes, dice: random.Random) -> bytes:
    """Write a telling number of 2 or 4 bytes over a place near the start, or anywhere."""
    width = dice.choice((2, 4))
    numbers = NUMBERS if width == 2 else LONG_NUMBERS
    at = dice.randrange(max(1, min(len(data), dice.choice((HEADER, len(data)))) - width))
    number = dice.choice(numbers).to_bytes(width, dice.choice(("little", "big")))
    return data[:at] + number + data[at + width :]


def lie_about_size(data: bytes, dice: random.Random) -> bytes:
    """Change rows or columns in a frame header, SIZ, IHDR, DICOM tag or TIFF tag."""
    found = [match.end() for match in SIZES.finditer(data)]
    if not found:
        return lie_in_a_number(data, dice)
    at = dice.choice(found) + dice.randrange(12)
    width = dice.choice((1, 2, 4))
    number = dice.choice(LONG_NUMBERS) % (1 << (8 * width))
    return data[:at] + number.to_bytes(width, dice.choice(("little", "big"))) + data[at + width :]


def lie_in_a_tag(data: bytes, dice: random.Random) -> bytes:
    """Change length, type or value of one DICOM element."""
    found = list(TAG.finditer(data))
    if not found:
        return lie_in_a_number(data, dice)
    match = dice.choice(found)
    at = match.end()
    what = dice.randrange(3)
    if what == 0:
        return data[:at] + dice.choice(NUMBERS).to_bytes(2, "little") + data[at + 2 :]
    if what == 1:
        kind = dice.choice((b"US", b"SS", b"SQ", b"UN", b"OW", b"OB", b"DS", b"IS", b"FD", b"ZZ"))
        return data[: at - 2] + kind + data[at:]
    length = int.from_bytes(data[at : at + 2], "little") % 64
    return data[: at + 2] + dice.randbytes(length) + data[at + 2 + length :]


def swap_tags(data: bytes, dice: random.Random) -> bytes:
    """Give one DICOM element the number of another."""
    found = list(TAG.finditer(data))
    if len(found) < 2:
        return swap(data, dice)
    one, other = dice.sample(found, 2)
    out = bytearray(data)
    out[one.start() : one.start() + 4] = other.group()[:4]
    return bytes(out)


MUTATORS: tuple[Mutator, ...] = (
    flip_bits,
    flip_header_bits,
    set_bytes,
    cut,
    cut_and_end,
    remove,
    insert,
    repeat,
    blank,
    swap,
    lie_in_a_number,
    lie_about_size,
    lie_in_a_tag,
    swap_tags,
)


def splice(data: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Put a piece of another film into this one."""
    other = dice.choice(others)
    start = dice.randrange(len(other))
    piece = other[start : start + dice.randint(1, 400)]
    at = dice.randrange(len(data))
    return data[:at] + piece + data[at + dice.choice((0, len(piece))) :]


def mutate(data: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """Damage a film in one to four ways.

    What guards a file against accidents is mended half of the time, so that the damage reaches the
    decoder behind it: sums of PNG chunks, the packing of deflated DICOM.
    """
    inflated = _inflated(data) if dice.random() < 0.7 else None
    out = inflated[1] if inflated else data
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        wild = dice.random() < 0.05
        out = splice(out, others, dice) if wild else dice.choice(MUTATORS)(out, dice)
    if inflated:
        return inflated[0] + _deflated(out)
    return with_right_sums(out) if dice.random() < 0.7 else out


def _inflated(data: bytes) -> tuple[bytes, bytes] | None:
    """Split a deflated DICOM film into its clear start and its inflated rest."""
    syntax = data[:400].find(b"1.2.840.10008.1.2.1.99")
    if syntax < 0:
        return None
    length = int.from_bytes(data[140:144], "little")  # (0002,0000): bytes of group 2 after it
    start = 144 + length
    try:
        return data[:start], zlib.decompressobj(-zlib.MAX_WBITS).decompress(
            data[start:], MOST_INFLATED
        )
    except zlib.error:
        return None


def _deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return engine.compress(data) + engine.flush()


def with_right_sums(data: bytes) -> bytes:
    """Give every chunk of a PNG the sum that belongs to its bytes."""
    if not data.startswith(PNG_MAGIC):
        return data
    out, at = PNG_MAGIC, len(PNG_MAGIC)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            break
        out += png_chunk(data[at + 4 : at + 8], data[at + 8 : end - 4])
        at = end
    return out + data[at:]
