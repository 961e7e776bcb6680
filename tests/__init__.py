"""Tests of CXR Desktop; `tests.support` holds the fakes and drawn films they share."""
