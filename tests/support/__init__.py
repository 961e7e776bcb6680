"""Hand-written fakes and examples that tests share."""
