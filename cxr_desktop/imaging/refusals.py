"""The stated refusals of the readers, in words; never text from the file beyond a short tag."""

from __future__ import annotations

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.imaging.formats import FORMAT_NAMES

EXPORT_AGAIN = "Export it again from where it came from, or ask for another copy."
NO_CODEC = "Export it again uncompressed, or as JPEG lossless."


def damaged(what: str = "The file is damaged or not complete.") -> FilmRefused:
    """Refuse a file whose bytes contradict themselves or stop too early."""
    return FilmRefused(RefusalCode.DAMAGED, what, hint=EXPORT_AGAIN)


def too_large(what: str) -> FilmRefused:
    """Refuse a file above one of the limits."""
    hint = "A chest film is far below this limit: check that it is the right file."
    return FilmRefused(RefusalCode.TOO_LARGE, what, hint=hint)


def unsupported_format(what: str = "This kind of file is not read.") -> FilmRefused:
    """Refuse a file that is none of the formats."""
    hint = f"Choose a film saved as {FORMAT_NAMES}."
    return FilmRefused(RefusalCode.UNSUPPORTED_FORMAT, what, hint=hint)


def unsupported_compression(name: str) -> FilmRefused:
    """Refuse a compression without a decoder, by its name."""
    what = f"The film is compressed as {name}, which this program cannot read."
    return FilmRefused(RefusalCode.UNSUPPORTED_COMPRESSION, what, hint=NO_CODEC)


def multi_frame(what: str) -> FilmRefused:
    """Refuse a file with more than one picture."""
    hint = "Choose a file with a single frontal chest film."
    return FilmRefused(RefusalCode.MULTI_FRAME, what, hint=hint)


def no_pixels(what: str = "The file holds no picture.") -> FilmRefused:
    """Refuse a file without a picture, or with an empty one."""
    return FilmRefused(RefusalCode.NO_PIXELS, what, hint="Choose the file that holds the film.")


def not_a_file(what: str) -> FilmRefused:
    """Refuse a path that leads to no ordinary file that may be read."""
    return FilmRefused(RefusalCode.NOT_A_FILE, what, hint="Choose a film stored on a disk.")
