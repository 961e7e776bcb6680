"""The data folder: database, films, accounts, audit log."""
