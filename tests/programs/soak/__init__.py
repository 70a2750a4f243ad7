"""`make soak`: everything at once for a long time, while parts of it are killed."""
