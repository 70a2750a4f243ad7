"""Background work: kinds.py lists the kinds, loop.py works on one kind, process.py runs them all."""
