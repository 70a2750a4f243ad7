"""The GitHub App: whose a repository is, tokens, signed posts, and installations that end."""

import asyncio
import dataclasses
import uuid
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from quart import Quart

from app.config import Settings
from app.http.context import services
from app.server.quart_app import create_app
from app.webhooks import github_app, request, tracker_secrets
from app.webhooks.forges import ForgeError
from app.webhooks.github_app import AppTokens
from tests.support import fake_github_app as fake
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, ids
from tests.support.fake_forges import PATH
from tests.support.fake_github_app import ADA, AppForge, repository, serving_app
from tests.support.issues import AT, FORM, due, open_issue, work
from tests.support.settings import SECRET

Pool = asyncpg.Pool


@pytest.fixture
async def github() -> AsyncIterator[AppForge]:
    async with serving_app() as forge:
        yield forge


@pytest.fixture
def app_settings(settings: Settings, github: AppForge) -> Settings:
    return dataclasses.replace(
        settings, github_app_id=fake.APP_ID, github_app_slug="feelback", github_app_client_id=fake.CLIENT_ID,
        github_app_client_secret=fake.CLIENT_SECRET, github_app_private_key=fake.PEM,
        github_app_webhook_secret=fake.HOOK_SECRET, github_app_url=github.url,
    )  # fmt: skip


@pytest.fixture
def app(app_settings: Settings, app_pool: "Pool[asyncpg.Record]") -> Quart:
    app = create_app(app_settings)
    services(app).pool = app_pool
    return app


async def started(owner: Browser) -> str:
    """Begin at the panel; returns the state that GitHub is given."""
    response = await owner.get(f"{AT}/github")
    assert response.status_code == 303
    url = urlsplit(response.headers["Location"])
    query = parse_qs(url.query)
    assert (url.path, query["client_id"]) == ("/login/oauth/authorize", [fake.CLIENT_ID])
    return query["state"][0]


async def choices(owner: Browser, code: str = ADA) -> dict[str, str]:
    """Come back from GitHub; returns the values by repository."""
    response = await owner.get(f"/github/callback?code={code}&state={await started(owner)}")
    assert response.status_code == 200
    parts = owner.raw.split('<option value="')[1:]
    return {part.split(">")[1].split("<")[0]: part.split('"')[0] for part in parts}


async def connect(owner: Browser) -> None:
    """Connect the demo's project by the App."""
    await owner.get(AT)
    assert "Connect with the GitHub App" in owner.text
    value = (await choices(owner))[PATH]
    assert (await owner.post(f"{AT}/github", {"repository": value})).status_code == 303
    await owner.get(AT)


async def send(app: Quart, post: tuple[bytes, dict[str, str]]) -> int:
    """The status with which a post is answered."""
    response = await app.test_client().post("/github/events", data=post[0], headers=post[1])
    return int(response.status_code)


async def opened(owner: Browser, pool: "Pool[asyncpg.Record]") -> str:
    """The id of a message whose issue waits to be opened."""
    (id,) = await ids(pool, 1)
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    return id


async def test_a_repository_is_connected_opened_in_and_its_issues_resolve(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", app_settings: Settings, github: AppForge
) -> None:
    await connect(owner)
    assert "by the GitHub App. Closing one resolves its messages" in owner.text
    assert "issue-events" not in owner.raw  # no webhook of its own
    row = await pool.fetchrow("select token, installation_id, url, path from tracker")
    assert row is not None
    assert tuple(row) == (None, 11, github.url, PATH)
    assert '"by": "GitHub App"' in await pool.fetchval("select details::text from audit where what = 'tracker.updated'")
    id = await opened(owner, pool)
    assert await work(pool, app_settings) == ["open"]
    assert (len(github.issues), github.minted) == (1, 1)
    github.close()
    post = github.app_post("closed", 1)
    for _ in range(3):  # delivered again
        assert await send(app, post) == 204
    assert await work(pool, app_settings) == ["closed"]
    sql = "select status from triage where response_id = $1"
    assert await pool.fetchval(sql, uuid.UUID(id)) == "resolved"
    github.close(again=True)
    assert await send(app, github.app_post("reopened", 1)) == 204
    assert await send(app, post) == 204  # what came late
    assert await work(pool, app_settings) == ["open"]
    assert await pool.fetchval(sql, uuid.UUID(id)) == "in_progress"
    for other in (github.app_post("closed", 1, installation=12), github.app_post("closed", 1, path="acorn/other")):
        assert await send(app, other) == 204
    assert await work(pool, app_settings) == []
    body, headers = post
    for wrong in ({**headers, "X-Hub-Signature-256": fake.signed("x" * 40, body)}, {"X-GitHub-Event": "issues"}):
        assert await send(app, (body, wrong)) == 403
    for nonsense in (b"", b"[]", b"null", b'{"installation": 1}', b'{"installation": {"id": "x"}}'):
        signed = {**headers, "X-Hub-Signature-256": fake.signed(fake.HOOK_SECRET, nonsense)}
        assert await send(app, (nonsense, signed)) == 204


async def test_nobody_connects_what_github_does_not_say_is_theirs(
    owner: Browser, pool: "Pool[asyncpg.Record]", github: AppForge, app_settings: Settings
) -> None:
    # Repositories that the person only reads, of suspended installations and of other Apps are left out.
    github.people[ADA] |= {12: [repository("acorn/paused")], 13: [repository(f"acorn/n{n}") for n in range(101)]}
    github.suspended.add(12)
    values = await choices(owner)
    assert set(values) == {PATH, *(f"acorn/n{n}" for n in range(101))}
    assert "than could be read" not in owner.text
    value = values[PATH]
    for wrong in ("", "x", value[:-5] + ("A" if value[-5] != "A" else "B") + value[-4:], value.replace(".", "", 1)):
        assert (await owner.post(f"{AT}/github", {"repository": wrong})).status_code == 422, wrong
    assert await pool.fetchval("select count(*) from tracker") == 0
    # The same code, state or another browser's state does not work again.
    state = await started(owner)
    for code, of in ((f"{ADA}", state), (ADA, state), (ADA, "x"), (ADA, "")):
        response = await owner.get(f"/github/callback?code={code}&state={of}")
        assert response.status_code == 303
    await owner.get(AT)
    assert "GitHub did not confirm who you are" in owner.text
    assert await pool.fetchval("select count(*) from tracker") == 0
    # A repository cannot be entered in the form in place of the one that was chosen; a token can.
    assert (await owner.post(f"{AT}/github", {"repository": value})).status_code == 303
    form = {"type": "github", "url": github.url, **FORM, "token": ""}
    await owner.get(AT)
    assert (await owner.post(AT, {**form, "path": "acorn/n1"})).status_code == 422
    assert "Choose the repository by the GitHub App, or enter a token" in owner.text
    assert (await owner.post(AT, {**form, "labels": "bug"})).status_code == 303
    row = await pool.fetchrow("select installation_id, path, labels from tracker")
    assert row is not None
    assert tuple(row) == (11, PATH, ["bug"])
    assert (await owner.post(AT, {**form, "token": "tok"})).status_code == 303
    assert await pool.fetchval("select installation_id is null and token is not null from tracker")


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_list_that_is_cut_says_so(
    owner: Browser, github: AppForge, monkeypatch: pytest.MonkeyPatch, *, is_late: bool
) -> None:
    github.people[ADA] |= {13: [repository(f"acorn/n{n}") for n in range(101)]}
    deadlines: list[asyncio.Timeout] = []
    timeout, fetch = asyncio.timeout, request.fetch

    def recorded(seconds: float | None) -> asyncio.Timeout:
        deadline = timeout(seconds)
        if seconds == github_app.LIST_SECONDS:
            deadlines.append(deadline)
        return deadline

    async def hanging(method: str, url: str, *more: Any) -> Any:
        if url.endswith("page=2"):
            deadlines[0].reschedule(0)  # it is over
            await asyncio.sleep(600)
        return await fetch(method, url, *more)

    if is_late:
        monkeypatch.setattr(asyncio, "timeout", recorded)
        monkeypatch.setattr(request, "fetch", hanging)
    else:
        monkeypatch.setattr(github_app, "MOST_PAGES", 1)
    assert PATH in await choices(owner)
    assert "GitHub listed more repositories than could be read" in owner.text


async def test_a_token_of_the_version_before_is_used(
    owner: Browser, pool: "Pool[asyncpg.Record]", app_settings: Settings, github: AppForge
) -> None:
    await connect(owner)
    await opened(owner, pool)
    # It knows of no installation, and leaves it.
    encrypted = tracker_secrets.encrypted(SECRET, await pool.fetchval("select project_id from tracker"), b"tok")
    await pool.execute("update tracker set token = $1", encrypted)
    github.tokens = {"tok"}
    await owner.get(AT)
    assert "are opened in" not in owner.text
    assert await work(pool, app_settings) == ["open"]
    assert github.minted == 0


async def test_a_choice_is_of_its_person_and_project(
    owner: Browser, teammate: Browser, pool: "Pool[asyncpg.Record]", github: AppForge
) -> None:
    value = (await choices(owner))[PATH]
    await pool.execute("update member set role = 'admin' where role = 'viewer' or role = 'editor'")
    await teammate.get(AT)
    assert (await teammate.post(f"{AT}/github", {"repository": value})).status_code == 422
    await pool.execute("update member set role = 'editor' where role = 'admin'")
    assert (await teammate.post(f"{AT}/github", {"repository": value})).status_code == 403
    assert (await teammate.get(f"{AT}/github")).status_code == 403


async def test_links_to_issues_outlive_another_spelling_of_the_repository(
    owner: Browser, pool: "Pool[asyncpg.Record]", app_settings: Settings, github: AppForge
) -> None:
    github.people = {ADA: {11: [repository(PATH.title()), repository("acorn/other")]}}
    await owner.get(AT)
    form = {"type": "github", "url": github.url, **FORM}
    assert (await owner.post(AT, form)).status_code == 303
    await opened(owner, pool)
    values = await choices(owner)
    assert f"Messages lose their links to issues in <bdi>{PATH}</bdi> if you choose another repository." in owner.text
    assert (await owner.post(f"{AT}/github", {"repository": values[PATH.title()]})).status_code == 303
    assert await pool.fetchval("select path from tracker where token is null") == PATH.title()
    assert await pool.fetchval("select count(*) from issue") == 1
    # In the form, too, and without asking GitHub again.
    assert (await owner.post(AT, {**form, "token": ""})).status_code == 303
    assert await pool.fetchval("select path from tracker where installation_id = 11") == PATH
    assert await pool.fetchval("select count(*) from issue") == 1
    assert (await owner.post(f"{AT}/github", {"repository": values["acorn/other"]})).status_code == 303
    assert await pool.fetchval("select count(*) from issue") == 0
    sql = "select details ->> 'unlinked' from audit where what = 'tracker.updated' order by at, id"
    assert [row[0] for row in await pool.fetch(sql)] == [None, None, None, "1"]


@pytest.mark.parametrize("ended", ["uninstalled", "suspended"])
async def test_an_installation_that_ended_pauses_the_project(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", app_settings: Settings, github: AppForge, ended: str
) -> None:
    await connect(owner)
    await opened(owner, pool)
    getattr(github, ended).add(11)
    assert await work(pool, app_settings) == ["failed"]
    assert await pool.fetchval("select problem from issue") == ended
    await owner.get(AT)
    assert "has been uninstalled or suspended" in owner.text
    getattr(github, ended).clear()
    if ended == "suspended":
        assert await send(app, github.app_post("unsuspend")) == 204
    else:
        github.people = {ADA: {11: [repository(PATH)]}}
        value = (await choices(owner))[PATH]
        assert (await owner.post(f"{AT}/github", {"repository": value})).status_code == 303
    await opened(owner, pool)
    assert await work(pool, app_settings) == ["open"]
    assert await send(app, github.app_post("deleted")) == 204
    assert await send(app, github.app_post("deleted")) == 204  # delivered again
    assert await pool.fetchval("select revoked_at is not null from tracker")
    sql = "select array_agg(details ->> 'paused' order by at, id) from audit where what = 'tracker.updated'"
    changes = await pool.fetchval(f"{sql} and details ? 'paused'")
    assert changes == (["false", "true"] if ended == "suspended" else ["true"])


async def test_tokens_are_kept_and_replaced_and_limits_obeyed(
    owner: Browser, pool: "Pool[asyncpg.Record]", app_settings: Settings, github: AppForge
) -> None:
    tokens = AppTokens(app_settings)
    assert [await tokens.token(11, PATH) for _ in range(3)] == ["ghs_1"] * 3
    tokens.forget(11, PATH)
    assert (await tokens.token(11, PATH), github.minted) == ("ghs_2", 2)
    wrong_key = dataclasses.replace(app_settings, github_app_private_key=other_key())
    cases: list[tuple[Settings, tuple[int, dict[str, str]] | None, str]] = [
        (app_settings, (429, {"Retry-After": "60"}), "rate_limit"),
        (app_settings, (403, {"Retry-After": "60"}), "rate_limit"),
        (app_settings, (502, {}), "server_error"), (app_settings, (422, {}), "permissions"), (wrong_key, None, "app"),
        (dataclasses.replace(app_settings, github_app_id=0), None, "app"),
        (dataclasses.replace(app_settings, webhook_networks=()), None, "url"),
    ]  # fmt: skip
    for own, forced, problem in cases:
        github.answers = [forced] if forced else []
        with pytest.raises(ForgeError, match=f"^{problem}$|^forbidden$") as error:
            await AppTokens(own).token(11, PATH)
        assert error.value.retry_after == (60 if problem == "rate_limit" else None)
    for message, problem in (
        ("You have exceeded a secondary rate limit.", "rate_limit"), ("Blocked by an allow list", "app"),
        ("This installation has been suspended", "suspended"),
    ):  # fmt: skip
        github.answers, github.message = [(403, {})], message
        with pytest.raises(ForgeError, match=f"^{problem}$") as error:
            await AppTokens(app_settings).token(11, PATH)
        assert error.value.retry_after == (60 if problem == "rate_limit" else None)
    # One that GitHub ended early is replaced within the attempt.
    await connect(owner)
    await opened(owner, pool)
    github.answers = [(0, {}), (401, {})]
    assert await work(pool, app_settings) == ["open"]
    assert len(github.issues) == 1
    await due(pool)


def other_key() -> str:
    key: Any = rsa.generate_private_key(65537, 2048)
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode())
