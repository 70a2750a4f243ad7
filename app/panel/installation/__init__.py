"""Pages for the installation's operator."""
