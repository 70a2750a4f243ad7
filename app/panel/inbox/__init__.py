"""Messages that visitors wrote."""
