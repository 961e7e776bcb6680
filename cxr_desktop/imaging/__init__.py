"""From the bytes of a film to a `Radiograph`, and from there to what a model reads."""
