"""What visitors and members do, in one browser; run by `make browsers` with the packages of its own environment."""

import json
import sys
import traceback
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.programs.browsers.drivers import BROWSERS, Driver, wait

# The tree of the element whose name is the first argument.
INSIDE = "document.querySelector(arguments[0]).shadowRoot"
IN_PROJECT = ("", "/pages", "/responses", "/inbox", "/widgets", "/integrate", "/settings")
SCREENS = ("/demo", "/docs", "/docs/html", *(f"/projects/{{}}{name}" for name in IN_PROJECT), "/members", "/me")
PHONE = (390, 800)
DESK = (1280, 900)


@dataclass(frozen=True)
class Work:
    """What the journeys open."""

    url: str
    link: str  # signs in
    browser: str  # its name, which is its project's, too
    article: str
    unlisted: str  # the same page, where it may not be
    message: str  # the id of the widget


def _inside(driver: Driver, type: str, selector: str, number: int = 0) -> Any:
    return wait(driver, f"{INSIDE}?.querySelectorAll(arguments[1])[{number}]", f"feelback-{type}", selector)


def _says(driver: Driver, type: str, text: str) -> None:
    wait(driver, f"{INSIDE}.textContent.includes(arguments[1])", f"feelback-{type}", text)


def likes_and_is_remembered(driver: Driver, work: Work) -> None:
    """A like is counted, can be taken back and given again, and is still pressed when the page is loaded again."""
    driver.get(work.article)
    for counted, pressed in (("1", "true"), ("0", "false"), ("1", "true")):
        _inside(driver, "pulse", "button").click()
        wait(driver, f"{INSIDE}.querySelector('button').getAttribute('aria-pressed') === arguments[1]",
             "feelback-pulse", pressed)  # fmt: skip
        _says(driver, "pulse", counted)
    _says(driver, "pulse", "Thank")  # it is stored
    driver.get(work.article)
    _inside(driver, "pulse", "button[aria-pressed=true]")


def votes_and_says_why(driver: Driver, work: Work) -> None:
    """No, two reasons and a message in Arabic."""
    _inside(driver, "yesno", "button", 1).click()
    for number in (0, 1):
        _inside(driver, "yesno", "[part~=reason]", number).click()
    _inside(driver, "yesno", "textarea").send_keys("لم أفهم الخطوة الثانية")
    _inside(driver, "yesno", "[part~=send]").click()
    _says(driver, "yesno", "Thank")


def gives_one_answer_each(driver: Driver, work: Work) -> None:
    """A vote, a reaction, stars and a number."""
    for type, selector in (("updown", "button"), ("reaction", "button"), ("rating", "input, button"),
                           ("nps", "input, button")):  # fmt: skip
        driver.script(f"{INSIDE}.querySelectorAll(arguments[1])[1].click()", f"feelback-{type}", selector)
        _says(driver, type, "Thank")


def writes(driver: Driver, work: Work) -> None:
    """A message, and a form whose required field the browser itself asks for."""
    _inside(driver, "message", "textarea").send_keys("Hello 👋 from " + work.browser)
    _inside(driver, "message", "[part~=send]").click()
    _says(driver, "message", "Thank")
    _inside(driver, "form", "[part~=send]").click()
    wait(driver, f"{INSIDE}.querySelector('input:invalid')", "feelback-form")
    _inside(driver, "form", "input[type=email]").send_keys("reader@example.com")
    _inside(driver, "form", "[part~=send]").click()
    _says(driver, "form", "Thank")


def reads_that_it_was_refused(driver: Driver, work: Work) -> None:
    """A website that the project does not list: its visitor reads so, and nothing waits to be sent."""
    driver.get(work.unlisted)
    _inside(driver, "message", "textarea").send_keys("Not from here")
    _inside(driver, "message", "[part~=send]").click()
    _says(driver, "message", "could not be accepted")


def signs_in(driver: Driver, work: Work) -> None:
    """By a link from a mail."""
    driver.get(work.link)
    driver.script("document.querySelector('main form button').click()")
    wait(driver, "location.pathname.startsWith('/projects')")


def sees_a_message_come_in(driver: Driver, work: Work) -> None:
    """An open inbox shows a message as it is stored."""
    driver.get(f"{work.url}/projects/{work.browser}/inbox")
    wait(driver, "document.querySelector('#live[data-state=live]')")
    body = json.dumps({"widget": work.message, "page": work.article, "value": "While you were looking"}).encode()
    headers = {"content-type": "application/json", "origin": work.article.removesuffix("/article")}
    urllib.request.urlopen(urllib.request.Request(f"{work.url}/v1/responses", body, headers)).close()
    wait(driver, "document.querySelector('li.inbox-row')?.textContent.includes('While you were looking')")


def works_on_the_inbox(driver: Driver, work: Work) -> None:
    """Archives a message and undoes it, without the page being loaded again."""
    driver.script("window.sameDocument = true; document.querySelector('li.inbox-row input[type=checkbox]').click()")
    rows = "document.querySelectorAll('li.inbox-row').length"
    before = driver.script(f"return {rows}")
    button = "[...document.querySelectorAll('button')].find((each) => each.textContent.trim() === arguments[0])"
    wait(driver, button, "Archive").click()
    wait(driver, f"{rows} === arguments[0]", before - 1)
    wait(driver, button, "Undo").click()
    wait(driver, f"{rows} === arguments[0]", before)
    assert driver.script("return window.sameDocument")


def finds_in_the_documentation(driver: Driver, work: Work) -> None:
    """Search as it is typed, with a mistake in it."""
    driver.get(f"{work.url}/docs")
    driver.script("document.querySelector('input[type=search]').focus()")
    wait(driver, "document.querySelector('input[type=search]')").send_keys("wordpres")
    wait(driver, "[...document.querySelectorAll('a')].some((each) => each.textContent.includes('WordPress'))")


def fits(driver: Driver, work: Work) -> None:
    """No screen scrolls sideways, on a desk and on a phone."""
    for size in (DESK, PHONE):
        driver.resize(*size)
        for screen in SCREENS:
            driver.get(work.url + screen.format(work.browser))
            wide = driver.script("return document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{screen} is {wide} pixels too wide at {size[0]}"
    driver.resize(*DESK)


JOURNEYS: tuple[Callable[[Driver, Work], None], ...] = (
    likes_and_is_remembered, votes_and_says_why, gives_one_answer_each, writes, reads_that_it_was_refused, signs_in,
    sees_a_message_come_in, works_on_the_inbox, finds_in_the_documentation, fits,
)  # fmt: skip


def main() -> int:
    """How many journeys failed."""
    work = Work(**json.load(sys.stdin))
    driver = BROWSERS[work.browser]()
    failed = 0
    try:
        print(f"{work.browser}: {driver.script('return navigator.userAgent')}")
        for journey in JOURNEYS:
            try:
                journey(driver, work)
                print(f"{work.browser}: {journey.__name__.replace('_', ' ')}: yes", flush=True)
            except Exception:
                failed += 1
                print(f"{work.browser}: {journey.__name__.replace('_', ' ')}: NO\n{traceback.format_exc()}", flush=True)
    finally:
        driver.quit()
    return failed


if __name__ == "__main__":
    sys.exit(main())
