"""How many requests Quart works on at once."""

import asyncio
from typing import Any

import pytest

from app import config
from app.server import requests_in_hand
from app.server.requests_in_hand import RequestsInHand
from tests.support.settings import SECRET


class Application:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.working = 0
        self.may_answer = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.working += 1
        try:
            if scope["method"] == "POST":
                body = b""
                while True:
                    message = await receive()
                    body += message.get("body", b"")
                    if not message.get("more_body"):
                        break
                self.bodies.append(body)
            await self.may_answer.wait()
        finally:
            self.working -= 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.may_end.wait()
        await send({"type": "http.response.body", "body": b""})


class Client:
    """Requests of one address."""

    def __init__(self, limited: RequestsInHand, address: str = "203.0.113.7") -> None:
        self.limited, self.address = limited, address

    async def request(
        self, path: str = "/projects", method: str = "GET", messages: "asyncio.Queue[Any] | None" = None
    ) -> tuple[int, dict[str, str], bytes]:
        sent: list[Any] = []

        async def receive() -> Any:
            assert messages is not None
            return await messages.get()

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http", "path": path, "method": method, "headers": [], "client": (self.address, 1),
        }  # fmt: skip
        await self.limited(scope, receive, send)
        headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], headers, sent[1]["body"]


@pytest.fixture
async def application() -> Application:
    return Application()


@pytest.fixture
async def limited(application: Application) -> RequestsInHand:
    settings = config.load({"SECRET_KEY": SECRET, "LIMIT_REQUESTS_IN_HAND": "12", "LIMIT_BODY_SECONDS": "1"})
    return RequestsInHand(application, settings)


async def started(*requests: Any) -> list[Any]:
    tasks = [asyncio.create_task(request) for request in requests]
    for _ in range(5):
        await asyncio.sleep(0)
    return tasks


async def statuses(tasks: list[Any]) -> list[int]:
    return [(await task)[0] for task in tasks]


async def test_an_address_has_a_share_and_the_next_wait(application: Application, limited: RequestsInHand) -> None:
    flood, other = Client(limited), Client(limited, "198.51.100.1")
    tasks = await started(*(flood.request() for _ in range(2 + 8)))
    assert application.working == 2
    assert (await flood.request())[0] == 503
    late = await started(other.request())
    assert application.working == 3
    application.may_answer.set()
    assert await statuses(late) == [200]
    assert set(await statuses(tasks)) == {200}
    assert (limited._count, limited._waiting, limited._count_of, limited._waiting_of) == (0, {}, {}, {})


async def test_all_together_have_a_limit(application: Application, limited: RequestsInHand) -> None:
    clients = [Client(limited, f"198.51.100.{n}") for n in range(80)]
    tasks = await started(*(client.request() for client in clients))
    assert application.working == 12
    refused = [task for task in tasks if task.done()]
    assert len(refused) == 80 - 12 - 48
    status, headers, body = await refused[0]
    assert (status, headers["retry-after"]) == (503, "2")
    assert b"busy" in body
    assert (await Client(limited, "192.0.2.1").request("/v1/projects"))[2].startswith(
        b'{"error": "service_unavailable"'
    )
    application.may_answer.set()
    assert sorted(await statuses(tasks)) == [200] * 60 + [503] * 20
    assert limited._count == 0


async def test_health_is_answered_whatever_waits(application: Application, limited: RequestsInHand) -> None:
    tasks = await started(*(Client(limited, f"198.51.100.{n}").request() for n in range(80)))
    health = await started(Client(limited).request("/healthz"))
    assert application.working == 13
    application.may_answer.set()
    assert await statuses(health) == [200]
    await asyncio.gather(*tasks)


async def test_nobody_waits_for_ever(
    application: Application, limited: RequestsInHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requests_in_hand, "WAIT_SECONDS", 0.05)
    client = Client(limited)
    tasks = await started(*(client.request() for _ in range(3)))
    assert (await tasks[2])[0] == 503
    application.may_answer.set()
    assert await statuses(tasks[:2]) == [200, 200]
    assert (limited._count, limited._waiting) == (0, {})
    assert (await client.request())[0] == 200


async def test_a_client_that_leaves_gives_its_place_back(application: Application, limited: RequestsInHand) -> None:
    client = Client(limited)
    tasks = await started(*(client.request() for _ in range(4)))
    tasks[3].cancel()  # it waited
    tasks[0].cancel()  # it was in hand
    await asyncio.gather(tasks[0], tasks[3], return_exceptions=True)
    application.may_answer.set()
    assert await statuses(tasks[1:3]) == [200, 200]
    assert (limited._count, limited._waiting, limited._waiting_of) == (0, {}, {})


async def test_a_response_that_has_begun_is_not_in_hand(application: Application, limited: RequestsInHand) -> None:
    application.may_answer.set()
    application.may_end.clear()
    client = Client(limited)
    streams = await started(*(client.request("/projects/demo/inbox/events") for _ in range(6)))
    await asyncio.sleep(0.01)
    assert limited._count == 0
    application.may_end.set()
    assert set(await statuses(streams)) == {200}


async def test_a_slow_body_keeps_no_place(application: Application, limited: RequestsInHand) -> None:
    client = Client(limited)
    queues: list[asyncio.Queue[Any]] = [asyncio.Queue() for _ in range(6)]
    slow = await started(*(client.request(method="POST", messages=queue) for queue in queues))
    assert (limited._count, application.working) == (0, 0)
    application.may_answer.set()
    assert (await client.request())[0] == 200
    for body, more in ((b"a=1", True), (b"&b=2", True), (b"", False)):
        queues[0].put_nowait({"type": "http.request", "body": body, "more_body": more})
    assert (await slow[0])[0] == 200
    assert application.bodies == [b"a=1&b=2"]
    # The others send nothing, and are told so.
    assert set(await statuses(slow[1:])) == {408}


async def test_a_body_that_is_too_long_is_not_read_to_its_end(
    application: Application, limited: RequestsInHand
) -> None:
    queue: asyncio.Queue[Any] = asyncio.Queue()
    for _ in range(3):
        queue.put_nowait({"type": "http.request", "body": b"x" * 60_000, "more_body": True})
    task = (await started(Client(limited).request(method="POST", messages=queue)))[0]
    await asyncio.sleep(0.01)
    assert application.working == 1  # Quart refuses it, with a page
    assert queue.qsize() <= 1
    task.cancel()
