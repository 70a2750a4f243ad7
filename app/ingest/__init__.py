"""What websites talk to: responses in, counts out. A lean ASGI layer that answers in front of Quart."""
