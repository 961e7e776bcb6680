"""A report on paper: layout, PDF, preview, print."""
