"""Exports by API key."""

import csv
import io
import json

from tests.support.api_tenants import Tenant
from tests.support.serving import Api


async def test_it_writes_what_is_asked_for(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path, key = f"/v1/projects/{own.project.id}/exports", {"authorization": f"Bearer {own.read}"}
    answer = await api.send("GET", path, headers=key)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-length" not in answer.headers
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
    query = f"kind=responses&format=jsonl&widget={own.votes}".encode()
    lines = [json.loads(line) for line in (await api.send("GET", path, headers=key, query=query)).body.splitlines()]
    assert own.response in [line["id"] for line in lines]
    assert {line["id"] for line in lines} < {row["id"] for row in rows}
    assert await api.pool.fetchval("select actor from audit where what = 'export.downloaded' limit 1") == (
        f"read_messages key …{own.read[-4:]}"
    )


async def test_it_says_what_is_wrong(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    path, key = f"/v1/projects/{own.project.id}/exports", {"authorization": f"Bearer {own.read}"}
    for query in (b"kind=x", b"format=xlsx", b"from=x", b"from=2026-02-02&to=2026-02-01", b"q=x", b"widget=x"):
        answer = await api.send("GET", path, headers=key, query=query)
        assert answer.status == 422, query
        assert set(answer.json()) == {"error", "message", "data"}
    answer = await api.send("GET", path, headers=key, query=f"widget={tenants[1].votes}".encode())
    assert answer.status == 404
