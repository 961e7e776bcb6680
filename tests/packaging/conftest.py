"""The scripts in packaging/ stand outside of the package: they find each other by their folder."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "packaging"))
