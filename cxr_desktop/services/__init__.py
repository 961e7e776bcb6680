"""Use cases: plain Python, typed by the domain's ports, without Qt and without adapters."""
