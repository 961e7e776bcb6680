"""Train, validate and export the model (extra `train`); nothing in the program imports this."""
