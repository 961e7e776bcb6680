"""Writing a stored answer as DICOM; all but `order` runs in the decoder process only."""
