"""`make bench`: what our hot paths cost beside a no-op, beside the naive way and beside Postgres alone."""
