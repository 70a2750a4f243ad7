"""The Postgres that Feelback runs for itself."""
