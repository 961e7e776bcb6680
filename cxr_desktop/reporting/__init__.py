"""Figures and findings on paper: plots, tables, reports."""
