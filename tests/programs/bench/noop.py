"""(a): an ASGI application that reads the body and answers."""

from typing import Any

from tests.programs.bench import stand_in

BODY = b'{"id":"01890000-0000-7000-8000-000000000000","outcome":"counted"}'
HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"content-length", b"%d" % len(BODY)),
]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers 200, whatever is asked."""
    while True:
        message = await receive()
        if message["type"].startswith("lifespan."):
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
        elif message["type"] == "http.disconnect":
            return
        elif not message["more_body"]:
            break
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": BODY})


if __name__ == "__main__":
    stand_in.run(lambda _dsn: application)
