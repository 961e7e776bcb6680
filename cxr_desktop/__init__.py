"""CXR Desktop: an offline chest radiograph workstation.

Decision support; a qualified reader decides.
"""

import os

__version__ = "0.1.0"

# onnxruntime tells its makers about every model and session over the network, under an identifier
# that it keeps in the home folder, unless it finds this at its start. Here, before any thread runs.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
