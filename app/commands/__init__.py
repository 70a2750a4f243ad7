"""Commands, one module a noun."""
