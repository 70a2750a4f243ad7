"""(b), (d), (f): our server, as `serve` runs it; it stops when the bench does, however that ends."""

from app.__main__ import cli
from app.server.supervisor import watch_parent

if __name__ == "__main__":
    watch_parent()
    cli(["serve"], prog_name="feelback")
