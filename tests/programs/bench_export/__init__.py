"""How long an export of many responses takes, and what memory: `make bench-export`."""
