"""Was something of the film thrown away to make it smaller? It must be shown (IHE RAD BIR)."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from cxr_desktop.domain.radiograph import Caution
from cxr_desktop.imaging.dicom_tags import numbers, word

LOSSY = "lossy_compression"
MAYBE_LOSSY = frozenset({JPEG2000, HTJ2K})
LOSSY_SYNTAXES = MAYBE_LOSSY | {JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLSNearLossless}
SENTENCE = "The film was compressed with loss{factor}: fine detail may be missing or made up."


def lossy_compression(dataset: Dataset, syntax: UID) -> tuple[Caution, ...]:
    """Say so when the file says it (0028,2110), or when its transfer syntax loses by nature.

    The factor of (0028,2112) is named where it stands; several are of one compression after
    another, and multiply. JPEG 2000 (.91) and HTJ2K (.203) may be without loss: a tag that says so
    is believed.
    """
    stated = word(dataset, "LossyImageCompression")
    by_nature = syntax in LOSSY_SYNTAXES and not (syntax in MAYBE_LOSSY and stated == "00")
    if stated != "01" and not by_nature:
        return ()
    factor = 1.0
    for ratio in numbers(dataset, "LossyImageCompressionRatio"):
        factor *= ratio if ratio > 1 else 1.0
    named = f" to 1/{factor:.0f} of its size" if 1.5 <= factor < 10_000 else ""
    return (Caution(LOSSY, SENTENCE.format(factor=named)),)
