"""The commands of `feelback`, one module per noun."""
