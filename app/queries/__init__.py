"""One module a noun, one function a SQL function, its row above it."""
