"""Recaps through a mail server that fails, by workers that are killed: none lost, none doubled."""
