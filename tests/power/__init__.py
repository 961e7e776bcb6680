"""Sudden ends and failing disks, many of them: `python -m tests.power --count 1000`."""
