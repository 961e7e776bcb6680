"""DICOM to a decoded film, or one stated refusal: header first, pixels only when it may be read."""

from __future__ import annotations

import warnings
import zlib
from io import BytesIO

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian

from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.radiograph import PixelSpacing
from cxr_desktop.imaging import dicom_checks
from cxr_desktop.imaging.decoded import DecodedFilm
from cxr_desktop.imaging.dicom_grey import read_grey_tags
from cxr_desktop.imaging.dicom_lossy import lossy_compression
from cxr_desktop.imaging.dicom_orientation import upright
from cxr_desktop.imaging.dicom_pixels import grey_scale
from cxr_desktop.imaging.dicom_stream import decode_frame, read_frame_tags
from cxr_desktop.imaging.dicom_tags import word
from cxr_desktop.imaging.refusals import damaged, too_large

MAX_INFLATED = 192 * 1024 * 1024  # 64 million pixels of 16 bits, and room for tags
AFTER_PREAMBLE = 132


def read_dicom(data: bytes) -> DecodedFilm:
    """Read one frontal chest radiograph. Raises `FilmRefused` for everything else.

    Any exception of the parser means that the file is broken: pydicom raises many kinds.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pydicom warns of each odd value, and quotes it
            return _read(data)
    except FilmRefused:
        raise
    except Exception as error:  # see above
        raise damaged() from error


def _read(data: bytes) -> DecodedFilm:
    dataset, syntax, sop_class = parse(data)
    dicom_checks.refuse_other_kinds(dataset, sop_class)
    tags = read_frame_tags(dataset)
    stored = decode_frame(dataset, syntax, tags)
    scale = grey_scale(stored, read_grey_tags(dataset, tags, syntax, stored))
    stored, turned, swapped = upright(stored, dataset)
    spacing = dicom_checks.pixel_spacing(dataset)
    if spacing is not None and swapped:
        spacing = spacing[1], spacing[0], spacing[2]
    return DecodedFilm(
        stored=stored,
        table=scale.table,
        file_format="DICOM",
        bits=tags.bits_stored,
        window=scale.window,
        windows=scale.windows,
        spacing=None if spacing is None else PixelSpacing(*spacing),
        study=dicom_checks.study_info(dataset),
        cautions=(
            *dicom_checks.cautions(dataset, sop_class),
            *turned,
            *scale.cautions,
            *lossy_compression(dataset, syntax),
        ),
    )


def parse(data: bytes) -> tuple[Dataset, UID, str]:
    """Return data set, transfer syntax and SOP class. Raises `FilmRefused` or pydicom's errors.

    The file meta information is read alone first: a deflated data set of 1.5 MB can swell to
    4.7 GiB before pydicom looks at a single tag, so it is inflated here, up to a limit.
    """
    rest = BytesIO(data)
    rest.seek(AFTER_PREAMBLE)
    meta = read_dataset(rest, is_implicit_VR=False, is_little_endian=True, stop_when=_after_group_2)
    syntax = UID(word(meta, "TransferSyntaxUID"))
    if not syntax:
        raise damaged("The file does not say how its data are coded.")
    if syntax == DeflatedExplicitVRLittleEndian:
        inflated = BytesIO(inflate(data[rest.tell() :]))
        dataset = read_dataset(inflated, is_implicit_VR=False, is_little_endian=True)
    else:
        dataset = dcmread(BytesIO(data), force=False)
    return dataset, syntax, word(dataset, "SOPClassUID") or word(meta, "MediaStorageSOPClassUID")


def _after_group_2(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group != 2


def inflate(data: bytes) -> bytes:
    """Inflate a deflated data set, up to 192 MiB (PS3.5 annex A.5). Raises `FilmRefused`."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = engine.decompress(data, MAX_INFLATED)
    except zlib.error as error:
        raise damaged() from error
    if engine.unconsumed_tail:
        raise too_large("The file's data swell beyond 192 MiB when they are unpacked.")
    if not engine.eof:
        raise damaged()
    return inflated
