"""What others do to a person's address keeps that person out of nothing."""

from typing import Any

import asyncpg
import pytest
from quart import Quart

from app.site import demo_project
from tests.support import stopped_clock
from tests.support.browser import Browser
from tests.support.drive import ask, code, mails, set_up_app, the_link, use
from tests.support.settings import DEMO_PASSWORD

Pool = asyncpg.Pool
NEW = "another good one"


def from_address(browser: Browser, address: str) -> Browser:
    """The browser behind the proxy, from an address."""
    real = browser.client.open

    async def open(path: str, *, headers: Any = None, **more: Any) -> Any:
        headers = {**(headers or {}), "X-Forwarded-For": address}
        return await real(path, headers=headers, scope_base={"client": ("127.0.0.1", 4000)}, **more)

    browser.client.open = open  # type: ignore[method-assign,assignment]
    return browser


async def sign_out(browser: Browser) -> None:
    """Signs out; the device stays known."""
    await browser.get("/me")
    assert (await browser.post("/sign-out", {})).status_code == 303


async def attack(app: Quart, email: str, pool: "Pool[asyncpg.Record]", n: int) -> list[int]:
    """A hundred wrong passwords and fifty mails of each kind, from many networks; the statuses of the passwords."""
    statuses = []
    for at in range(100):
        attacker = from_address(Browser(app), f"198.{n}.{at}.7")
        await attacker.get("/sign-in")
        statuses.append((await attacker.post("/sign-in", {"email": email, "password": "x"})).status_code)
        if at < 50:
            for path in ("/sign-in/link", "/reset", "/sign-up"):
                await attacker.post(path, {"email": email})
    await mails(pool)
    return statuses


@pytest.fixture(autouse=True)
async def quick(monkeypatch: pytest.MonkeyPatch, pool: "Pool[asyncpg.Record]") -> None:
    """Passwords are compared without argon2, which takes a second, and the clock of limits stands still."""
    await stopped_clock.stop(pool, "take_attempt")

    async def matches(password: str, password_hash: str | None) -> bool:
        return password_hash is not None and password in (DEMO_PASSWORD, NEW)

    monkeypatch.setattr("app.panel.sign_in.passwords.matches", matches)


async def test_a_person_under_attack_signs_in_from_a_known_device_every_time(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine = from_address(Browser(app), "203.0.113.7")
    assert (await mine.sign_in(loaded.email, loaded.password)).status_code == 303
    assert set(await attack(app, loaded.email, pool, 18)) == {422}
    await attack(app, loaded.email, pool, 19)
    for _ in range(20):
        await sign_out(mine)
        assert (await mine.sign_in(loaded.email, loaded.password)).status_code == 303
    await sign_out(mine)
    for _ in range(5):
        await ask(mine, "/sign-in/link", loaded.email)
        assert (await use(mine, await the_link(pool, "magic_link"))).status_code == 303
        await sign_out(mine)
    await ask(mine, "/reset", loaded.email)
    assert (await use(mine, await the_link(pool, "reset"), password=NEW)).status_code == 200
    await mails(pool)
    await mine.get("/sign-in")
    assert (await mine.post("/sign-in", {"email": loaded.email, "password": NEW})).status_code == 303


async def test_it_does_not_matter_that_the_attacker_has_the_same_address(app: Quart, loaded: demo_project.Demo) -> None:
    mine, attacker = Browser(app), Browser(app)
    await mine.sign_in(loaded.email, loaded.password)
    await sign_out(mine)
    await attacker.get("/sign-in")
    statuses = [
        (await attacker.post("/sign-in", {"email": loaded.email, "password": "x"})).status_code for _ in range(70)
    ]
    assert statuses.count(429) > 50
    assert (await mine.sign_in(loaded.email, loaded.password)).status_code == 303


async def test_elsewhere_guesses_are_slowed_and_the_right_password_still_signs_in(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await attack(app, loaded.email, pool, 18)
    new = from_address(Browser(app), "203.0.113.7")
    assert (await new.sign_in(loaded.email, loaded.password)).status_code == 303
    # One network, whatever its addresses: three in an hour, and 429 then.
    guesses = []
    for n in range(6):
        attacker = from_address(Browser(app), f"192.0.2.{n}")
        guesses.append((await attacker.sign_in(loaded.email, "x")).status_code)
    assert guesses == [422, 422, 422, 429, 429, 429]


async def test_a_second_step_on_a_known_device_has_codes_of_its_own(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine, thief = Browser(app), Browser(app)
    await mine.sign_in(loaded.email, loaded.password)
    secret, _ = await set_up_app(mine)
    await sign_out(mine)
    await thief.sign_in(loaded.email, loaded.password)
    step = thief.form("/sign-in/code")
    wrong = [(await thief.post("/sign-in/code", {**step, "code": "000000"})).status_code for _ in range(12)]
    assert wrong[-1] == 429
    await mine.sign_in(loaded.email, loaded.password)
    step = mine.form("/sign-in/code")
    assert (await mine.post("/sign-in/code", {**step, "code": code(secret)})).status_code == 303


async def test_a_device_is_known_for_the_person_who_signed_in_on_it_and_no_other(
    app: Quart, stranger: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    # The attacker has a device of their own, and a cookie that they made up.
    await pool.execute("update person set password_hash = 'x' where email = 'stranger@example.com'")
    attacker = from_address(Browser(app), "192.0.2.9")
    assert (await attacker.sign_in("stranger@example.com", NEW)).status_code == 303
    await sign_out(attacker)
    statuses = [(await attacker.sign_in(loaded.email, "x")).status_code for _ in range(12)]
    assert statuses[-1] == 429
    other = from_address(Browser(app), "192.0.2.10")
    other.client.set_cookie("localhost", "feelback-device", "A" * 43 + "." + "A" * 43)
    statuses = [(await other.sign_in(loaded.email, "x")).status_code for _ in range(12)]
    assert statuses[-1] == 429


async def test_a_known_device_has_a_limit_too(app: Quart, loaded: demo_project.Demo) -> None:
    mine = Browser(app)
    await mine.sign_in(loaded.email, loaded.password)
    await sign_out(mine)
    await mine.get("/sign-in")
    statuses = [(await mine.post("/sign-in", {"email": loaded.email, "password": "x"})).status_code for _ in range(35)]
    assert statuses == [422] * 30 + [429] * 5


async def test_mails_have_a_limit_for_each_sender_and_purpose(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    attacker = from_address(Browser(app), "192.0.2.9")
    await attacker.get("/reset")
    statuses = [(await attacker.post("/reset", {"email": loaded.email})).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429] * 2
    other = from_address(Browser(app), "203.0.113.7")
    await other.get("/reset")
    assert (await other.post("/reset", {"email": loaded.email})).status_code == 200
    assert (await attacker.post("/sign-in/link", {"email": loaded.email})).status_code == 200
    # All together send no more than 10 an hour for one purpose.
    for n in range(30):
        each = from_address(Browser(app), f"198.51.{n}.7")
        await each.get("/reset")
        await each.post("/reset", {"email": loaded.email})
    sent = [mail[1] for mail in await mails(pool)]
    assert sent.count("reset") == 10


async def test_only_a_hash_of_the_device_is_stored(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine = Browser(app)
    response = await mine.sign_in(loaded.email, loaded.password)
    cookies = {each.partition("=")[0]: each for each in response.headers.getlist("Set-Cookie")}
    device = cookies["feelback-device"]
    assert "HttpOnly" in device
    assert "SameSite=Lax" in device
    assert "Max-Age=34560000" in device
    token = device.partition("=")[2].partition(".")[0]
    stored = await pool.fetchval("select device_hash from known_device")
    assert len(stored) == 32
    assert token.encode() not in stored
    # It stays the same, however often one signs in.
    await sign_out(mine)
    await mine.sign_in(loaded.email, loaded.password)
    assert await pool.fetchval("select array_agg(device_hash) from known_device") == [stored]


async def test_the_profile_lists_devices_and_removes_them(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine, other = Browser(app), Browser(app)
    await other.sign_in(loaded.email, loaded.password)
    id = await pool.fetchval("select id from known_device")
    await mine.sign_in(loaded.email, loaded.password)
    await mine.get("/me")
    assert mine.text.count("/me/devices/") == 2
    assert "this device" in mine.text
    assert (await mine.post(f"/me/devices/{id}/remove", {})).headers["Location"] == "/me#devices"
    assert await pool.fetchval("select count(*) from known_device") == 1
    assert (await mine.post(f"/me/devices/{id}/remove", {})).status_code == 404


async def test_others_devices_cannot_be_removed(
    app: Quart, stranger: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await Browser(app).sign_in(loaded.email, loaded.password)
    id = await pool.fetchval("select id from known_device")
    await stranger.get("/me")
    assert (await stranger.post(f"/me/devices/{id}/remove", {})).status_code == 404
    assert await pool.fetchval("select count(*) from known_device") == 1


async def test_a_new_password_forgets_other_devices(
    app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    mine, other = Browser(app), Browser(app)
    await other.sign_in(loaded.email, loaded.password)
    await mine.sign_in(loaded.email, loaded.password)
    await mine.get("/me/password")
    assert (await mine.post("/me/password", {"password": NEW})).status_code == 303
    await mine.get("/me")
    assert mine.text.count("/me/devices/") == 1
    assert "this device" in mine.text


async def test_a_person_has_no_more_than_twenty_devices(
    pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    person_id = await pool.fetchval("select id from person where email = $1", loaded.email)
    for n in range(25):
        await pool.execute(
            "select fn.add_known_device($1, sha256($2::int::text::bytea), 'B', now() + $2 * interval '1 s')",
            person_id, n,
        )  # fmt: skip
    assert await pool.fetchval("select count(*) from known_device") == 20
    assert await pool.fetchval("select min(last_seen_at) > now() + interval '4 s' from known_device")


async def test_made_up_lines_of_x_forwarded_for_change_no_limit(app: Quart, loaded: demo_project.Demo) -> None:
    # HAProxy adds a line of its own at the end; werkzeug read the first, which the client had made up.
    browser = Browser(app)
    await browser.get("/reset")
    statuses = []
    for n in range(25):
        form = {"csrf": browser.token, "email": f"somebody-{n}@example.com"}
        headers = [("Origin", "http://localhost"), ("X-Forwarded-For", f"10.9.8.{n}"), ("X-Forwarded-For", "192.0.2.1")]
        scope = {"client": ("127.0.0.1", 4000)}
        response = await browser.client.post("/reset", form=form, headers=headers, scope_base=scope)
        statuses.append(response.status_code)
    assert statuses == [200] * 20 + [429] * 5
