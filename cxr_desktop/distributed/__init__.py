"""Adapters of the domain's `Mapper`: many films at once, in threads or on other machines."""
