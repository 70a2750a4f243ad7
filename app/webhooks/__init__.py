"""Requests to addresses that users have chosen: what may be reached, how they are signed, what an answer means."""
