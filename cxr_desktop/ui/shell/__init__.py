"""What surrounds the screens: rail, status line, lock, dialogs."""
