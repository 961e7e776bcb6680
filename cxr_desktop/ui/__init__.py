"""The desktop front end: Qt widgets over the services."""
