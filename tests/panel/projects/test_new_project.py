"""Creating a project: the form, its result and its errors."""

import asyncpg
import pytest

from tests.support.browser import Browser

Pool = asyncpg.Pool


async def create(owner: Browser, name: str, site: str = "", zone: str = "UTC") -> str:
    """Send the form; the URL that it leads to, or the status of an error."""
    await owner.get("/projects/new")
    response = await owner.post("/projects", {"name": name, "site": site, "time_zone": zone})
    return response.headers.get("Location") or str(response.status_code)


async def test_a_project_is_created_from_its_name_and_site(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert await create(owner, "My Blog", "https://blog.example/about", "Europe/Paris") == (
        "/projects/my-blog/widgets/new"
    )
    row = await pool.fetchrow("select name, time_zone, origins from project where slug = 'my-blog'")
    assert row
    assert (row["name"], row["time_zone"]) == ("My Blog", "Europe/Paris")
    assert row["origins"] == ["https://blog.example", "https://www.blog.example"]


async def test_the_address_of_a_site_is_enough(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert await create(owner, "", "www.blog.example/posts/1") == "/projects/blog-example/widgets/new"
    row = await pool.fetchrow("select name, origins from project where slug = 'blog-example'")
    assert row
    assert row["name"] == "blog.example"
    assert row["origins"] == ["https://www.blog.example", "https://blog.example"]


@pytest.mark.parametrize(
    ("name", "site", "zone", "field"),
    [("", "", "UTC", "site"), ("Blog", "", "Mars/Olympus", "time_zone"), ("Blog", "http://a b", "UTC", "site")],
)
async def test_a_refused_form_is_shown_again_with_the_error_at_its_field(
    owner: Browser, pool: "Pool[asyncpg.Record]", name: str, site: str, zone: str, field: str
) -> None:
    before = await pool.fetchval("select count(*) from project")
    assert await create(owner, name, site, zone) == "422"
    assert owner.form("/projects")["name"] == name
    assert owner.form("/projects")["site"] == site
    assert f'id="{field}-error"' in owner.text
    assert f'aria-describedby="{field}-error"' in owner.text
    assert await pool.fetchval("select count(*) from project") == before


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (("Über uns", "Uber: uns!"), ("uber-uns", "uber-uns-2")),
        (("日本語 プロジェクト", "日本語プロジェクト"), ("ribenyu-purojiekuto", "ribenyupurojiekuto")),
        (("Demo", "🙂"), ("demo-2", "slight-smile")),
    ],
)
async def test_a_slug_is_transliterated_and_made_unique(
    owner: Browser, names: tuple[str, ...], slugs: tuple[str, ...]
) -> None:
    for name, slug in zip(names, slugs, strict=True):
        assert await create(owner, name) == f"/projects/{slug}/widgets/new"


async def test_a_second_press_creates_no_second_project(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    assert await create(owner, "My Blog") == "/projects/my-blog/widgets/new"
    assert await create(owner, "my blog") == "409"
    assert "You already have a project named my blog." in owner.text
    assert 'id="name-error"' in owner.text
    assert await pool.fetchval("select count(*) from project where lower(name) = 'my blog'") == 1
