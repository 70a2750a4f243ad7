"""The pages of docs/: links, commands and settings in them exist."""

import re
from pathlib import Path

import pytest
from click import Context

from app.__main__ import cli
from app.config import ROOT, names
from app.site import markdown, settings_page

PAGES = sorted((ROOT / "docs").rglob("*.md"))
# Settings of others that pages name.
OTHERS = r"AWS_\w+|POSTGRES_\w+|PGDATA|PASSWORD|DATABASE_PASSWORD|FLY_APP|LATEST|SOURCE|DATASET|TOKEN|KEY|ANY|FULL|END"
OTHERS += r"|PRESET_\w+|CUSTOM_ELEMENTS_SCHEMA"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_links_to_what_is_there(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if link.startswith("/"):  # of the site, for which the documentation has few
            assert link.partition("?")[0] in markdown.FILES, link
        elif not link.startswith(("http://", "https://")):
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_names_commands_that_are_there(page: Path) -> None:
    for command in re.findall(r"(?:^    |`|\$\(|&& )feelback ([a-z-]+)", page.read_text(), re.M):
        assert command in cli.list_commands(Context(cli)), command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_it_names_settings_that_are_there(page: Path) -> None:
    for name in re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", page.read_text()):
        assert name in names() or re.fullmatch(OTHERS, name), name


def test_each_setting_is_explained() -> None:
    sections = re.findall(r"^## `(\w+)`\n\n(.*)$", settings_page.text(), re.M)
    assert [name for name, _ in sections] == names()
    assert [name for name, text in sections if not re.match(r"\w.*[.…]", text.partition("By default")[0])] == []


def test_messages_of_errors_are_in_the_code() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    items = re.findall(r"^- (\*.+?)(?=^- |^$)", page, re.M | re.S)
    messages = [message for item in items for message in re.findall(r"\*([^*]+)\*", item.split("*:")[0] + "*")]
    messages += re.findall(r"^\| (?!message)([^|-].*?) \|", page, re.M)
    assert len(messages) > 15
    files = [*(ROOT / "app").rglob("*.py"), *(ROOT / "sql").rglob("*.sql")]
    # Adjacent parts of a text in one, with what is put into it: the name of the value, the number of pages.
    code = re.sub(r'"\s+f?"', "", "".join(path.read_text() for path in files))
    for placeholder, value in (("{what}", "value"), ("{MOST_PAGES}", "200"), ("{source}", "from ")):
        code = code.replace(placeholder, value)
    for message in messages:
        for part in " ".join(message.split()).split("…"):
            assert part.strip() in code, message


def test_it_names_jobs_at_their_times() -> None:
    jobs = dict(re.findall(r"\('([a-z ]+)', '([^']+)'", (ROOT / "sql" / "views" / "job.sql").read_text()))
    rows = re.findall(r"^\| ([a-z ]+) \| (each .+?|\d\d:\d\d) \|", (ROOT / "docs" / "jobs.md").read_text(), re.M)
    assert len(rows) > 5
    for name, when in rows:
        minute, hour = jobs[name].split()[:2]
        every = re.search(r"\d+", when)
        if when == "each minute":
            assert minute == "*"
        elif when.startswith("each"):
            assert every
            assert minute.endswith(f"/{every[0]}"), name
        else:
            assert when == f"{int(hour):02}:{int(minute):02}", name


def test_snippets_name_the_server_by_the_placeholder_that_pages_replace() -> None:
    servers = {
        (page.name, host)
        for page in PAGES
        for host in re.findall(
            r"(https://[^/\s\"]+)/(?:sdk/|v1/(?:projects|responses|seen|stats|widgets))", page.read_text()
        )
        if host != markdown.HOST
    }
    assert servers == set()
