"""What websites talk to: signals in, counts out. A lean ASGI layer that answers in front of Quart."""
