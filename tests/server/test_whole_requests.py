"""Requests to the gate that arrive as a whole are answered without ASGI, and all others with it, in the same way."""

import asyncio
import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from app.ingest.gate import Gate
from app.server.resets import Resets
from tests.support.serving import SERVERS, Server
from tests.support.serving_thread import serving_in_thread

STATS = b"GET /v1/stats?widget=0190&page=/ HTTP/1.1\r\nhost: localhost\r\n\r\n"  # 404: there is no such widget
CALLED: list[str] = []  # the paths of ASGI calls
PAUSE = {"seconds": 0.0}  # before each answer
LIMIT = 2000


@pytest.fixture(scope="module", params=SERVERS)
def running(request: pytest.FixtureRequest, module_database: str) -> Iterator[Server]:
    called, answer = Gate.__call__, Gate.answer

    async def call(self: Gate, scope: Any, receive: Any, send: Any) -> None:
        CALLED.append(scope.get("path", ""))
        await called(self, scope, receive, send)

    async def answer_late(self: Gate, request: Any) -> Any:
        await asyncio.sleep(PAUSE["seconds"])
        return await answer(self, request)

    environ = {
        "DATABASE_URL": module_database, "WORKER": "off", "SERVER": request.param, "LIMIT_BODY_BYTES": str(LIMIT),
        "TRUSTED_PROXIES": "192.0.2.0/24",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Gate, "__call__", call)
        patch.setattr(Gate, "answer", answer_late)
        with serving_in_thread(environ) as server:
            answers(server, [STATS])  # after which the host is known
            CALLED.clear()
            yield server


def post(body: bytes, fields: bytes = b"", host: bytes = b"localhost") -> bytes:
    return (
        b"POST /v1/responses HTTP/1.1\r\nhost: %b\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n%b"
        % (host, fields, len(body), body)
    )


def chunked(body: bytes) -> bytes:
    return (
        b"POST /v1/responses HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    )


def answers(server: Server, parts: list[bytes], count: int = 1) -> list[tuple[int, Any]]:
    """The status and JSON of `count` answers to what is sent in `parts`, a moment apart."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.settimeout(10)
        for part in parts:
            connection.sendall(part)
            time.sleep(0.1 if len(parts) > 1 else 0)
        received = connection.makefile("rb")
        results = []
        for _ in range(count):
            status, length = int(received.readline().split()[1]), 0
            while (line := received.readline()) not in (b"\r\n", b""):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            results.append((status, json.loads(received.read(length) or b"null")))
        return results


@pytest.fixture(autouse=True)
def _no_calls() -> None:
    CALLED.clear()


UNKNOWN = b'{"widget":"0190","page":"/","value":"+1"}'


@pytest.mark.parametrize("request_", [STATS, post(UNKNOWN), chunked(UNKNOWN)], ids=["read", "length", "chunks"])
def test_a_whole_request_is_no_asgi_call(running: Server, request_: bytes) -> None:
    [(status, body)] = answers(running, [request_])
    assert (status, CALLED) == (404, [])
    assert body["message"] == "There is no such widget. Check its id."


def test_one_in_parts_is_an_asgi_call_with_the_same_answer(running: Server) -> None:
    whole = post(UNKNOWN)
    for at in (20, whole.index(b"\r\n\r\n") + 4, len(whole) - 3):
        CALLED.clear()
        [(status, body)] = answers(running, [whole[:at], whole[at:]])
        assert (status, body["message"]) == (404, "There is no such widget. Check its id.")
        # A head in two parts is whole before its body is.
        expected = [] if at == 20 else ["/v1/responses"]
        assert expected == CALLED


def test_requests_in_one_packet_are_answered_in_order(running: Server) -> None:
    results = answers(running, [post(b"[]") + post(UNKNOWN) + STATS + post(b"{")], 4)
    assert [status for status, _ in results] == [422, 404, 404, 400]


def test_bounds_hold(running: Server) -> None:
    long = b'{"widget":"%b"}' % (b"0" * LIMIT)
    for request_ in (post(long), chunked(long)):
        [(status, body)] = answers(running, [request_])
        assert (status, body["data"]["limit"]) == (413, LIMIT)
    assert CALLED == []


def test_another_host_is_refused(running: Server) -> None:
    assert answers(running, [post(UNKNOWN, host=b"evil.example")])[0][0] == 421
    assert CALLED == []


def test_other_methods_and_paths_are_asgi_calls(running: Server) -> None:
    paths = [b"PUT /v1/responses", b"OPTIONS /v1/responses", b"GET /v1/nothing", b"GET /v1/%73tats?widget=0190&page=/"]
    statuses = [answers(running, [b"%b HTTP/1.1\r\nhost: localhost\r\n\r\n" % path])[0][0] for path in paths]
    assert statuses == [405, 204, 404, 404]
    assert CALLED[:3] == ["/v1/responses", "/v1/responses", "/v1/nothing"]


def test_a_head_request_has_no_body(running: Server) -> None:
    with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(b"HEAD /v1/openapi.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        received = connection.makefile("rb").read()
    assert received.startswith(b"HTTP/1.1 200 ")
    assert received.endswith(b"\r\n\r\n")
    assert b"content-length: 0\r\n" not in received.lower()
    assert CALLED == []


def test_a_client_that_goes_while_it_is_answered_has_taken_it_back(
    running: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    resets: list[bytes] = []
    monkeypatch.setattr(Resets, "add_reset", lambda _, address: resets.append(address))
    monkeypatch.setitem(PAUSE, "seconds", 0.1)
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", running.port), 10) as connection:
            connection.sendall(post(UNKNOWN))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # its close is a reset
            time.sleep(0.02)  # so that the server has it
    assert answers(running, [STATS])[0][0] == 404
    assert resets == [b"\x7f\0\0\1"] * 20
