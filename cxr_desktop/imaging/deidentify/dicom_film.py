"""A DICOM film without its patient: new data set, new pixels, new file header, new preamble."""

from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.uid import UID, ExplicitVRLittleEndian

from cxr_desktop.domain.deidentify import Change, Deed, DeidOptions, MaskBox
from cxr_desktop.imaging.decoded import Stored
from cxr_desktop.imaging.deidentify.codes import Codes
from cxr_desktop.imaging.deidentify.scrub import Scrubber
from cxr_desktop.imaging.dicom import parse
from cxr_desktop.imaging.dicom_checks import refuse_other_kinds
from cxr_desktop.imaging.dicom_orientation import upright
from cxr_desktop.imaging.dicom_stream import (
    COLOUR,
    NATIVE,
    FrameTags,
    decode_frame,
    read_frame_tags,
)

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
METHOD = "CXR Desktop: PS3.15 Basic Application Confidentiality Profile, only needed tags kept"
CODES = {
    "113100": "Basic Application Confidentiality Profile",
    "113101": "Clean Pixel Data Option",
    "113107": "Retain Longitudinal Temporal Information Modified Dates Option",
    "113108": "Retain Patient Characteristics Option",
}
OF_COLOUR = (
    "PlanarConfiguration",
    "RedPaletteColorLookupTableDescriptor",
    "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor",
)
REQUIRED = (  # type 2: there, if empty
    *("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID"),
    *("SeriesNumber", "InstanceNumber", "PatientOrientation"),
)
UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")


def clean_dicom(
    data: bytes,
    codes: Codes,
    patient: str,
    options: DeidOptions,
    boxes: tuple[MaskBox, ...],
) -> tuple[bytes, list[Change]]:
    """Return the new file and what was done. Raises `FilmRefused`, or what pydicom raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom warns of each odd value, and quotes it
        old, syntax, sop_class = parse(data)
        refuse_other_kinds(old, sop_class)
        tags = read_frame_tags(old)
        stored = decode_frame(old, syntax, tags)
        scrubber = Scrubber(codes, options, codes.days(patient))
        made = scrubber.scrub(old)
        changes = scrubber.changes
        _complete(made, codes, patient, sop_class)
        _set_pixels(made, old, stored, tags, syntax, boxes)
        _say_so(made, options, masked=bool(boxes))
        changes += [
            Change("preamble", "File preamble", Deed.REPLACED),
            Change("(0002,xxxx)", "File meta information", Deed.REPLACED),
            Change("(7FE0,0010)", "PixelData", Deed.MASKED if boxes else Deed.REPLACED),
        ]
        return _as_file(made, sop_class), changes


def _complete(made: Dataset, codes: Codes, patient: str, sop_class: str) -> None:
    """Add what every film must have, though the file may not have had it."""
    code = codes.patient(patient)
    made.SpecificCharacterSet = "ISO_IR 192"
    for keyword in UIDS:
        if not made.get(keyword):
            setattr(made, keyword, codes.uid(f"{keyword}\0{patient}"))
    made.PatientName, made.PatientID = code, code
    for keyword in REQUIRED:
        if keyword not in made:
            setattr(made, keyword, None)
    made.AccessionNumber, made.ReferringPhysicianName = "", ""
    if sop_class == SECONDARY_CAPTURE and not made.get("ConversionType"):
        made.ConversionType = "WSD"  # this program, a workstation, wrote it (PS3.3 C.8.6.1)


def _set_pixels(  # noqa: PLR0917 - the old film and its parts
    made: Dataset,
    old: Dataset,
    stored: Stored,
    tags: FrameTags,
    syntax: UID,
    boxes: tuple[MaskBox, ...],
) -> None:
    """Write the values that are shown and no bit more; those in boxes become black.

    Bits above Bits Stored may hold an old overlay, and bytes behind the frame anything.
    """
    pixels, bits = _shown_bits(stored, tags, syntax)
    black = (1 << bits) - 1 if tags.photometric == "MONOCHROME1" else 0
    if tags.signed and tags.photometric not in COLOUR:
        black = (1 << (bits - 1)) - (tags.photometric == "MONOCHROME1")
    if boxes:
        pixels[_mask(pixels.shape, boxes, old)] = black
    made.Rows, made.Columns = pixels.shape
    made.SamplesPerPixel = 1
    made.PhotometricInterpretation = (
        tags.photometric if tags.photometric not in COLOUR else "MONOCHROME2"
    )
    made.BitsAllocated = 8 * pixels.dtype.itemsize
    made.BitsStored, made.HighBit = bits, bits - 1
    made.PixelRepresentation = int(tags.signed and tags.photometric not in COLOUR)
    for keyword in OF_COLOUR:
        if keyword in made:
            delattr(made, keyword)
    content = pixels.tobytes()
    made.PixelData = content + b"\0" * (len(content) % 2)
    made["PixelData"].VR = "OW" if pixels.dtype.itemsize == 2 else "OB"


def _shown_bits(stored: Stored, tags: FrameTags, syntax: UID) -> tuple[Stored, int]:
    if syntax not in NATIVE or tags.photometric in COLOUR:
        allocated = 8 * stored.dtype.itemsize
        bits = min(tags.bits_stored, allocated) if tags.signed else allocated
        return (stored & ((1 << bits) - 1)).astype(stored.dtype), bits
    low = tags.high_bit - tags.bits_stored + 1
    return ((stored >> low) & ((1 << tags.bits_stored) - 1)).astype(stored.dtype), tags.bits_stored


def _mask(shape: tuple[int, ...], boxes: tuple[MaskBox, ...], old: Dataset) -> np.ndarray:
    """Return which stored pixels lie in a box; boxes are those of the film as it is shown."""
    places = np.arange(shape[0] * shape[1], dtype=np.uint32).reshape(shape)
    shown, _, _ = upright(places, old)
    mask = np.zeros(shape[0] * shape[1], dtype=np.bool_)
    for box in boxes:
        mask[shown[box.y : box.y + box.height, box.x : box.x + box.width]] = True
    return mask.reshape(shape)


def _say_so(made: Dataset, options: DeidOptions, *, masked: bool) -> None:
    """State what was done, as PS3.15 E.1.1 asks for."""
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD[:64]
    chosen = {
        "113100": True,
        "113101": masked,
        "113107": options.shift_dates,
        "113108": options.keep_characteristics,
    }
    made.DeidentificationMethodCodeSequence = [
        _code(value) for value, is_so in chosen.items() if is_so
    ]
    made.LongitudinalTemporalInformationModified = "MODIFIED" if options.shift_dates else "REMOVED"
    if masked:
        made.BurnedInAnnotation = "NO"


def _code(value: str) -> Dataset:
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, "DCM", CODES[value]
    return made


def _as_file(made: Dataset, sop_class: str) -> bytes:
    made.SOPClassUID = UID(sop_class)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.preamble = b"\0" * 128
    buffer = BytesIO()
    dcmwrite(buffer, made, enforce_file_format=True)
    return buffer.getvalue()
