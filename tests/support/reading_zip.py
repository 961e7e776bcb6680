"""A process that runs the films of a ZIP archive, for a test of its sudden end.

`python -m tests.support.reading_zip DATA_FOLDER ZIP` prints each film's path inside the archive
once its exam is stored, then waits.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
from pydicom import dcmread

from cxr_desktop import bootstrap
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.phantom import draw_chest
from tests.support.adding import NAMES
from tests.support.film_files import dicom
from tests.support.packs import make_pack

PASSWORD = "four quiet winter trains"  # of nobody


def write_zip(path: Path, count: int) -> None:
    """Write an archive of chest films, each of a patient with one of `NAMES`."""
    chest = draw_chest(rows=256, columns=224)
    grey = (chest / chest.max() * 3000).astype(np.uint16)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            film = dcmread(io.BytesIO(dicom(grey + np.uint16(number))))
            film.PatientName = f"Doe^{NAMES[number]}"
            written = io.BytesIO()
            film.save_as(written)
            archive.writestr(f"IM{number}", written.getvalue())


def run_zip(root: Path, packed: Path) -> None:
    """Make an account in a new data folder, sign in, and run what the archive holds."""
    with tempfile.TemporaryDirectory(dir=root.parent) as models:
        make_pack(Path(models), "tiny")
        program = bootstrap.build(root, device="cpu", built_in_models=Path(models))
        program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
        actor = program.access.sign_in("ada", PASSWORD)
        for film in program.engine.find_films([packed]):
            program.classify(actor, film, NoProgress())
            sys.stdout.write(f"{film.relative_to(packed)}\n")
            sys.stdout.flush()
        time.sleep(60)


if __name__ == "__main__":
    run_zip(Path(sys.argv[1]), Path(sys.argv[2]))
