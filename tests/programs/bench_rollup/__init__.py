"""`make bench-rollup`: what the aggregates cost to keep and to read, as the history grows tenfold."""
