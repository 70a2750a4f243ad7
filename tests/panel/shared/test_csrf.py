import pytest

from app.panel.shared import csrf
from tests.support.browser import Browser


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://localhost@evil.example"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_it_refuses_a_form_of_another_site(owner: Browser, headers: dict[str, str]) -> None:
    await owner.get("/projects")
    response = await owner.post("/sign-out", {}, **headers)
    assert response.status_code == 403
    assert "another website" in owner.text
    assert (await owner.get("/projects")).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "InNlc3Npb24i.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
async def test_it_refuses_a_form_without_our_token(owner: Browser, token: str) -> None:
    response = await owner.post("/sign-out", {"csrf": token})
    assert response.status_code == 403
    assert "This page has expired. Reload it and try again." in owner.text


async def test_it_refuses_the_token_of_another_session(owner: Browser, stranger: Browser) -> None:
    await stranger.get("/projects")
    assert (await owner.post("/sign-out", {"csrf": stranger.token})).status_code == 403


async def test_it_refuses_an_old_token(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    await owner.get("/projects")
    monkeypatch.setattr(csrf, "TOKEN_SECONDS", -1)
    assert (await owner.post("/sign-out", {})).status_code == 403


async def test_it_refuses_signing_in_from_elsewhere(browser: Browser) -> None:
    await browser.get("/sign-in")
    assert (await browser.post("/sign-in", {}, Origin="https://evil.example")).status_code == 403
    assert (await browser.post("/sign-in", {"csrf": ""})).status_code == 403


async def test_it_takes_a_token_in_a_header(owner: Browser) -> None:
    await owner.get("/projects")
    headers = {"X-CSRF-Token": owner.token, "Sec-Fetch-Site": "same-origin"}
    assert (await owner.post("/sign-out", {"csrf": ""}, **headers)).status_code == 303
