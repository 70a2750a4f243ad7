"""`make bench-retention`: what deleting a million expired responses costs those that arrive meanwhile."""
