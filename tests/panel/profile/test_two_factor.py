"""The authenticator app: the RFC's vectors, setting it up, the second step, recovery codes, confirmation by it."""

import re

import asyncpg
import pyotp
import pytest
from quart import Quart

from app.panel.sign_in import totp
from app.site import demo_project
from tests.support.browser import Browser
from tests.support.drive import ask, code, mails, secret_and_salt, set_up_app, the_link, use

Pool = asyncpg.Pool
RFC = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_it_gives_the_codes_of_the_rfc(at: int, code: str) -> None:
    assert pyotp.TOTP(totp.text(RFC), digits=8).at(at) == code
    assert totp.matching_step(RFC, code[2:], at) == at // 30


def test_it_takes_the_code_before_and_after_and_no_other() -> None:
    codes = [pyotp.TOTP(totp.text(RFC)).generate_otp(step) for step in range(97, 104)]
    steps = [totp.matching_step(RFC, code, 100 * 30 + 29.9) for code in codes]
    assert steps == [None, None, 99, 100, 101, None, None]
    for digits in ("", "12345", "1234567", "٣٣٣٣٣٣"):
        assert totp.matching_step(RFC, digits, 59) is None


def test_recovery_codes_are_unlike_each_other() -> None:
    codes = totp.recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", each) for each in codes)
    assert totp.recovery_hash(codes[0]) == totp.recovery_hash(f" {codes[0].upper().replace('-', ' ')}\n")


async def test_it_is_set_up_with_a_picture_that_stays_here(owner: Browser, loaded: demo_project.Demo) -> None:
    await owner.get("/me/totp")
    assert "<svg" in owner.text
    assert "http" not in owner.text.partition('class="qr-frame"')[2].partition("</div>")[0].replace(
        "http://www.w3.org/2000/svg", ""
    )
    secret, salt = secret_and_salt(owner.text)
    response = await owner.post("/me/totp", {"salt": salt, "code": "000000"})
    assert response.status_code == 422
    assert secret_and_salt(owner.text) == (secret, salt)
    assert (await owner.post("/me/totp", {"salt": "%%", "code": code(secret)})).status_code == 422


async def test_the_database_alone_gives_no_codes(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    secret, codes = await set_up_app(owner)
    row = str(
        await pool.fetchval(
            "select p::text || array_agg(r::text)::text from person as p, recovery_code as r group by p"
        )
    )
    assert secret.hex() not in row
    assert not [each for each in codes if each in row or totp.plain(each) in row]


async def test_it_asks_for_a_code_after_the_password(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, codes = await set_up_app(owner)
    assert len(codes) == 10
    assert (await mails(pool))[0][1] == "security_notice"
    browser = Browser(app)
    response = await browser.sign_in(loaded.email, loaded.password, next="/projects/demo")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    step = step_of(browser)
    assert (await browser.get("/projects")).status_code == 303
    for wrong in ("", "000000", code(secret, -1), code(secret, 5), "aaaa-bbbb-cccc-dddd"):
        response = await browser.post("/sign-in/code", {"step": step, "code": wrong, "next": "/projects/demo"})
        assert response.status_code == 422, wrong
        assert "Set-Cookie" not in response.headers
    right = code(secret)
    response = await browser.post(
        "/sign-in/code", {"step": step, "code": f"{right[:3]} {right[3:]}", "next": "/projects/demo"}
    )
    assert (response.status_code, response.headers["Location"]) == (303, "/projects/demo")
    assert (await browser.get("/projects/demo")).status_code == 200


async def test_it_asks_for_a_code_after_a_link(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, _ = await set_up_app(owner)
    await mails(pool)
    browser = Browser(app)
    await ask(browser, "/sign-in/link", loaded.email)
    await use(browser, await the_link(pool, "magic_link"))
    assert "Two-factor authentication" in browser.text
    response = await browser.post("/sign-in/code", {"step": step_of(browser), "code": code(secret)})
    assert response.status_code == 303


async def test_no_code_and_no_step_works_twice(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, codes = await set_up_app(owner)
    for entry, right in ((code(secret), 303), (code(secret), 422), (codes[3].upper(), 303), (codes[3], 422)):
        browser = Browser(app)
        await browser.sign_in(loaded.email, loaded.password)
        step = step_of(browser)
        response = await browser.post("/sign-in/code", {"step": step, "code": entry})
        assert response.status_code == right
        if right == 303:
            await browser.get("/sign-in")
            response = await browser.post("/sign-in/code", {"step": step, "code": codes[7]})
            assert response.status_code in (403, 422)
            assert "Set-Cookie" not in response.headers
    assert await pool.fetchval("select count(*) from recovery_code") == 9


async def test_the_step_ends_after_ten_minutes(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    secret, _ = await set_up_app(owner)
    browser = Browser(app)
    await browser.sign_in(loaded.email, loaded.password)
    await pool.execute(
        "update token set expires_at = (expires_at at time zone 'UTC' - interval '10 minutes') at time zone 'UTC'"
    )
    response = await browser.post("/sign-in/code", {"step": step_of(browser), "code": code(secret)})
    assert response.status_code == 422
    assert "Sign in again" in browser.text


async def test_another_person_s_code_is_of_no_use(
    owner: Browser, stranger: Browser, app: Quart, loaded: demo_project.Demo
) -> None:
    await set_up_app(owner)
    secret, codes = await set_up_app(stranger)
    browser = Browser(app)
    await browser.sign_in(loaded.email, loaded.password)
    for entry in (code(secret), codes[0]):
        response = await browser.post("/sign-in/code", {"step": step_of(browser), "code": entry})
        assert response.status_code == 422


async def test_ten_codes_an_hour_may_be_tried(owner: Browser, app: Quart, loaded: demo_project.Demo) -> None:
    _, codes = await set_up_app(owner)  # the first
    browser = Browser(app)
    await browser.sign_in(loaded.email, loaded.password)
    step = step_of(browser)
    tries = [browser.post("/sign-in/code", {"step": step, "code": "000000"}) for _ in range(9)]
    assert {(await each).status_code for each in tries} == {422}
    assert (await browser.post("/sign-in/code", {"step": step, "code": codes[0]})).status_code == 429


async def test_it_is_turned_off(
    owner: Browser, app: Quart, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await set_up_app(owner)
    await owner.get("/me/totp")
    assert "is on" in owner.text
    assert "<svg" not in owner.text
    assert (await owner.post("/me/totp/delete", {})).headers["Location"] == "/me"
    assert await pool.fetchval("select count(*) from recovery_code") == 0
    assert (await Browser(app).sign_in(loaded.email, loaded.password)).status_code == 303
    assert [mail[1] for mail in await mails(pool)] == ["security_notice"] * 2


async def test_a_second_app_is_not_set_up_over_the_first(owner: Browser) -> None:
    await owner.get("/me/totp")
    secret, salt = secret_and_salt(owner.text)
    await owner.post("/me/totp", {"salt": salt, "code": code(secret)})
    assert (await owner.post("/me/totp", {"salt": salt, "code": code(secret)})).status_code == 409


async def test_new_recovery_codes_replace_the_old(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert (await owner.get("/me")).status_code == 200
    assert (await owner.post("/me/recovery-codes", {})).status_code == 409
    _, old = await set_up_app(owner)
    await owner.post("/me/recovery-codes", {})
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", owner.text)
    assert len(set(new) - set(old)) == 10
    assert await pool.fetchval("select count(*) from recovery_code") == 10


async def test_a_lost_app_is_forgotten_from_the_command_line(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await set_up_app(owner)
    await pool.execute("select fn.issue_magic_link($1, sha256('x'), false, true)", loaded.email)
    assert await pool.fetchval("select totp_salt from person") is None


def step_of(browser: Browser) -> str:
    match = re.search(r'name="step" value="([^"]+)"', browser.text)
    assert match
    return match[1]
