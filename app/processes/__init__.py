"""What a long-running process needs: signs of life, and a request to stop."""
