"""Values, errors, ports and roles. Standard library and numpy only."""
