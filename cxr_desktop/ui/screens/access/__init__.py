"""The door: opening the data folder, the first account, signing in, the lock."""
