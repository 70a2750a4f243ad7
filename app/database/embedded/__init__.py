"""The Postgres server that Feelback runs when DATABASE_URL is not set."""
