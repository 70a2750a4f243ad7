"""How long an export of many signals takes, and what memory: `make bench-export`."""
