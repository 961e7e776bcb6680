"""Takes the patient out of films (DICOM PS3.15 Annex E); runs in the decoder process only."""
