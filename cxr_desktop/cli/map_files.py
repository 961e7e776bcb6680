"""Heat maps as PNG files, named after their films."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.files import replacing
from cxr_desktop.services.assess import Answer

UNSAFE = re.compile(r"[^\w.-]+")
STEM_LENGTH = 80

DrawMap = Callable[[Radiograph, HeatMap], bytes]


class MapFiles:
    """Writes one PNG per film into `folder`, made if absent. Raises `InvalidRequest` otherwise."""

    def __init__(self, folder: Path, draw: DrawMap) -> None:
        self._folder = folder
        self._draw = draw
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidRequest(
                f"The folder “{folder}” cannot be made.",
                hint="Choose another folder for --save-map.",
            ) from error
        if not os.access(folder, os.W_OK):
            raise InvalidRequest(
                f"The folder “{folder}” cannot be written.",
                hint="Choose another folder for --save-map.",
            )

    def save(self, answer: Answer) -> None:
        """Write the film with its map; a model without maps writes none.

        Raises `StorageUnavailable`.
        """
        heat_map = answer.assessment.heat_map
        if heat_map is None:
            return
        radiograph = answer.film.radiograph
        path = self._folder / map_name(radiograph)
        try:
            with replacing(path, self._folder) as file:
                file.write(self._draw(radiograph, heat_map))
        except OSError as error:
            raise StorageUnavailable(
                f"The heat map “{path.name}” cannot be written.",
                hint="Check that the disk is not full.",
            ) from error


def map_name(radiograph: Radiograph) -> str:
    """Return a name of our own making: plain characters, told apart by the film's SHA-256."""
    stem = UNSAFE.sub("_", Path(radiograph.file_name).stem)[:STEM_LENGTH].strip("._") or "film"
    return f"{stem}-{radiograph.sha256[:12]}.map.png"
