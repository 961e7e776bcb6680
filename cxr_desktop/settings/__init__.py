"""The settings of one installation: what there is, and where it is kept."""
