"""What was measured on a film, to be laid over it, as a presentation state (PS3.3 A.33.1).

It shows the film as it is first shown here, with lines, figures and the contour of the heat map
over it. The film itself stays as it is.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np
from highdicom import PresentationLUTTransformation
from highdicom.pr import (
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GrayscaleSoftcopyPresentationState,
    SoftcopyVOILUTTransformation,
    TextObject,
)
from pydicom.dataset import Dataset

from cxr_desktop.domain.dicom_out import Shape
from cxr_desktop.imaging.dicom_out.common import MAKER, SERIES, as_file, stamp
from cxr_desktop.imaging.dicom_out.evidence import UTF_8
from cxr_desktop.imaging.dicom_out.look import FilmLook
from cxr_desktop.imaging.dicom_out.order import AnswerFacts

LABEL = "CXR DESKTOP"
LAYER = "CXR DESKTOP"
TEXT_ROOM = 64  # characters of a figure
MOST_POINTS = 8000  # of one line: its length in bytes is written with 16 bits
PIXEL = "PIXEL"  # from the upper left corner of the first pixel (PS3.3 C.10.5.1.2)


def presentation_state(
    facts: AnswerFacts, film: Dataset, look: FilmLook, shapes: tuple[Shape, ...], uids: list[str]
) -> bytes:
    """Return the file; `uids` are its series and object. Points are those of the film as shown."""
    series, instance = uids
    referenced = deepcopy(film)
    referenced.SamplesPerPixel = 1
    layer = GraphicLayer(layer_name=LAYER, order=1, description=facts.words[:64])
    drawn = [_annotation(referenced, layer, look, shape) for shape in shapes]
    made = GrayscaleSoftcopyPresentationState(
        referenced_images=[referenced],
        series_instance_uid=series,
        series_number=SERIES + 3,
        sop_instance_uid=instance,
        instance_number=1,
        manufacturer=MAKER,
        manufacturer_model_name=MAKER,
        software_versions=facts.program_version[:64],
        device_serial_number=facts.program_version[:64],
        content_label=LABEL,
        content_description=f"Measurements and contour. {facts.words}"[:64],
        graphic_annotations=drawn or None,
        graphic_layers=[layer] if drawn else None,
        voi_lut_transformations=_window(look),
        presentation_lut_transformation=PresentationLUTTransformation(
            presentation_lut_shape="INVERSE" if look.inverse else "IDENTITY"
        ),
        series_description=f"CXR Desktop measurements. {facts.words}"[:64],
        specific_character_set=UTF_8,
    )
    _modality(made, look)
    if look.voi_lut is not None:
        item = Dataset()
        item.VOILUTSequence = [look.voi_lut]
        made.SoftcopyVOILUTSequence = [item]
    stamp(made, facts)
    made.PresentationCreationDate, made.PresentationCreationTime = facts.made_day, facts.made_time
    made.Laterality = ""  # a chest has none, and the tag is asked for (PS3.3 C.7.3.1)
    del made.SeriesDate, made.SeriesTime
    return as_file(made)


def _annotation(
    film: Dataset, layer: GraphicLayer, look: FilmLook, shape: Shape
) -> GraphicAnnotation:
    lines = [look.as_stored(np.array(line[:MOST_POINTS])) for line in shape.lines]
    objects = [GraphicObject("POLYLINE", line, PIXEL) for line in lines]
    texts: list[Any] = []
    if shape.words:
        place = lines[-1][-1].tolist()
        texts.append(
            TextObject(
                shape.words[:TEXT_ROOM],
                PIXEL,
                anchor_point=(place[0], place[1]),
                anchor_point_visible=False,
            )
        )
    return GraphicAnnotation([film], layer, graphic_objects=objects, text_objects=texts or None)


def _window(look: FilmLook) -> list[SoftcopyVOILUTTransformation] | None:
    if look.window is None:
        return None
    centre, width = look.window
    return [SoftcopyVOILUTTransformation(centre, width, voi_lut_function=look.function)]


def _modality(made: Dataset, look: FilmLook) -> None:
    if look.modality_lut is not None:
        made.ModalityLUTSequence = [look.modality_lut]
    else:
        made.RescaleIntercept, made.RescaleSlope = look.rescale
        made.RescaleType = "US"
