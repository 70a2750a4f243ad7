"""`make bench-recap`: how many recaps a worker draws and sends, beside the naive way, and in how much memory."""
