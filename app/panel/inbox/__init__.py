"""The inbox: messages that visitors wrote."""
