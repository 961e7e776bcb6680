"""One folder per screen: state, presenter, view."""
