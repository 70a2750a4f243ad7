"""Code to copy for a widget, and the check that responses arrive."""
