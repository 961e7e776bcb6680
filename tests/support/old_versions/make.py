"""Makes a data folder as the version of a checkout makes it: run it in an old checkout.

``PYTHONPATH=CHECKOUT python make.py NEW_FOLDER``, then ``zip -r -9`` of what is in it. It uses only
what every version has. What the stored ones hold stands in `tests/storage/test_old_versions.py`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from cxr_desktop import bootstrap
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.imaging.phantom import draw_chest
from tests.support.packs import make_pack

PASSWORD = "four quiet winter trains"


def main(folder: Path) -> None:
    """Store two exams of drawn films as the administrator `ada`, and a setting; add `doc`."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        make_pack(place / "models", "tiny")
        program = bootstrap.build(folder, device="cpu", built_in_models=place / "models")
        program.access.create_first_administrator("ada", "Ada L.", PASSWORD)
        actor = program.access.sign_in("ada", PASSWORD)
        program.accounts.add(actor, "doc", "Doc", "Doctors", PASSWORD)
        for number in (1, 2):
            film = place / f"drawn-{number}.png"
            chest = draw_chest(rows=224, columns=200, seed=number)
            grey = (chest / chest.max() * 15 / number).astype(np.uint8) * 16  # packs small
            film.write_bytes(cv2.imencode(".png", grey)[1].tobytes())
            opened = program.classify.open(actor, film, NoProgress())
            study = StudyInfo(patient_name=f"Drawn^Film {number}", patient_id=f"D-{number}")
            program.classify.run(actor, opened, NoProgress(), study)
        program.settings.set(actor, "session.idle_lock_minutes", 3)
        program.access.sign_out(actor)
        program.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
