"""Background work: kinds.py lists it, loop.py is how each kind is done, process.py runs them all."""
