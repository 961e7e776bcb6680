"""Data folders that older versions made."""
