"""A plain HTTP server on loopback that records requests and answers as configured."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli

_READ = {"br": brotli.decompress, "gzip": gzip.decompress}


def unpacked(headers: dict[str, str], body: bytes) -> bytes:
    """A request's body as it was before it was compressed."""
    return bytes(_READ.get(headers.get("content-encoding", ""), bytes)(body))


@dataclass
class HttpSink:
    """The recorded requests. `answers` are the next statuses, then 200; it answers while `go_on` is set."""

    port: int = 0
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    bodies: dict[str, bytes] = field(default_factory=dict)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving() -> Iterator[HttpSink]:
    sink = HttpSink()
    sink.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            sink.go_on.wait(30)
            headers = {name.lower(): value for name, value in self.headers.items()}
            sink.requests.append((self.command, self.path, headers, body))
            status = sink.answers.pop(0) if sink.answers else 200
            if status == 0:  # close without an answer
                self.close_connection = True
                return
            answer = sink.bodies.get(self.path, b"{}")
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
