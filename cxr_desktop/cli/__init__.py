"""The front end without a screen: the same services, words instead of a window."""
