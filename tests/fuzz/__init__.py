"""Damaged films without end: sound ones of every kind, mutators, and the run that counts."""
