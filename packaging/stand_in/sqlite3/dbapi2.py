"""The interface by its other name."""

from sqlcipher3.dbapi2 import *  # noqa: F403 - whatever Python's own gives
