"""Projects with keys and responses, and calls with a key."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from tests.support import factories
from tests.support.api_cases import OF, SCOPES, Case
from tests.support.serving import Answer, Api


@dataclass
class Tenant:
    """A project with a widget for votes and one for messages, ids from their responses, and a key of each scope."""

    project: factories.Project
    votes: str
    notes: str
    page: str
    placement: str
    response: str
    release: str
    destination: str
    delivery: str
    message: str
    tag: str
    note: str
    view: str
    owner: str
    keys: dict[str, str]

    @property
    def read(self) -> str:
        """Key that reads everything of the project but people."""
        return self.keys["read_messages"]

    @property
    def write(self) -> str:
        """Key that manages the project."""
        return self.keys["manage"]

    def filled(self, path: str) -> str:
        """A path with this project's ids in it."""
        ids = {"project": self.project.id, "widget": self.votes, "response": self.response}
        ids |= {"page": self.page, "placement": self.placement, "release": self.release}
        ids |= {"destination": self.destination, "delivery": self.delivery}
        ids |= {"tag": self.tag, "note": self.note, "view": self.view}
        if path.endswith(("/notes", "/replies", "/similar", "/issue")):  # only messages have these
            ids["response"] = self.message
        for name, id in ids.items():
            path = path.replace("{" + name + "}", str(id))
        return path

    def body(self, case: Case) -> Any:
        """The body of a call with the id of the account's owner in it."""
        return json.loads(json.dumps(case.body).replace("{owner}", self.owner))


async def tenant(api: Api, beside: Tenant | None = None) -> Tenant:
    """A project with everything, in the account of another project or in a new one."""
    project = await factories.project(api.pool, beside.project.account_id if beside else None)
    votes, notes = [await factories.widget(api.pool, type, project) for type in ("updown", "message")]
    for n, value in enumerate(("+1", "+1", "-1")):
        response = await api.stored(votes.id, value, f"/{n % 2}")
    message = await api.stored(notes.id, "A word of mine", "/0", context={"$user": "ada@example.com"})
    sql = "select page_id, id from placement where widget_id = $1::text::uuid order by id limit 1"
    page, placement = await api.pool.fetchrow(sql, votes.id)
    release = await api.pool.fetchval(
        "select fn.create_release(account_id, id, 'v1') from project where id = $1::text::uuid", str(project.id)
    )
    destination = uuid.uuid4()
    await api.pool.execute(
        "select fn.create_destination(account_id, id, $2, 'Hook', 'webhook', 'https://a.example/', null, $3,"
        " '{message.created}') from project where id = $1::text::uuid",
        str(project.id), destination, b"x" * 61,
    )  # fmt: skip
    delivery = await api.pool.fetchval(
        "select fn.send_test_event(account_id, id, $2) from project where id = $1::text::uuid",
        str(project.id),
        destination,
    )
    of = (project.account_id, project.id)
    tag = await api.pool.fetchval("select fn.create_tag($1, $2, 'Bug')", *of)
    message_id = uuid.UUID(message["id"])
    await api.pool.execute(
        "select fn.update_tracker($1, $2, 'github', 'https://github.com', 'a/b', 'x', gen_random_uuid(), 'x', '{}',"
        " 'Title', 'Text', '')",
        *of,
    )
    await api.pool.execute("select fn.create_issue($1, $2, $3)", *of, message_id)
    note = await api.pool.fetchval("select fn.create_note($1, $2, $3, 'A note')", *of, message_id)
    view = await api.pool.fetchval("select fn.create_saved_view($1, $2, 'Open', 'status=open')", *of)
    owner = await api.pool.fetchval("select person_id from member where account_id = $1", project.account_id)
    keys = {scope: await factories.api_key(api.pool, project, scope) for scope in SCOPES}
    return Tenant(
        project, votes.id, notes.id, str(page), str(placement), response["id"], str(release),
        str(destination), str(delivery), message["id"], str(tag), str(note), str(view), str(owner), keys,
    )  # fmt: skip


async def ask(api: Api, key: str, method: str, path: str, body: Any = None, query: str = "") -> Answer:
    """The answer to a call with a key."""
    headers = {"authorization": f"Bearer {key}"} if key else {}
    if body is None:
        return await api.send(method, path, None, headers, query=query.encode())
    return await api.send(method, path, json.dumps(body).encode(), headers, query=query.encode())


async def got(api: Api, own: Tenant, path: str, query: str = "", key: str = "") -> Any:
    """The answer to a successful call that reads something of the project."""
    answer = await ask(api, key or own.read, "GET", own.filled(OF + path), query=query)
    assert answer.status == 200, answer.body
    return answer.json()
