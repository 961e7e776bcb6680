"""CXR Desktop: an offline chest radiograph workstation.

Decision support; a qualified reader decides.
"""

__version__ = "0.1.0"
