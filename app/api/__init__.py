"""The management API: what a project's API key may see and change, on `/v1` and, as the original had it, on `/v0`."""
