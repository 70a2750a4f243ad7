"""Build sites with real tools that do not come from npm, visit them with JavaScript and without, and print a table.

Run as `python -m tests.programs.site_tools [tool …]`: without arguments all of them. Downloads are in .sites/.
"""

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from app import config
from app.config import ROOT
from app.database import db, migrate
from app.database.embedded import cluster
from tests.programs.packages.build import build
from tests.programs.packages.table import PACKAGES
from tests.programs.site_tools import debian, generator_visits, generators, wordpress, wordpress_visits
from tests.support import factories
from tests.support.sdk_pages import Pages
from tests.support.serving import Server, check_tallies
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import OPTIONS, PGBIN, SECRET

Pool = asyncpg.Pool
WORK = ROOT / ".sites"
# A tool takes the folder of our archives, the server and its database, and returns its version and what is wrong.
Tool = Callable[[Path, Server, "Pool[asyncpg.Record]"], Awaitable[tuple[str, list[str]]]]


async def counts(pool: "Pool[asyncpg.Record]") -> dict[tuple[str, str], int]:
    """The number of responses by page key and option's value."""
    rows = await pool.fetch(
        """select g.key, o.value, count(*) from response as r
        join placement as p on p.account_id = r.account_id and p.id = r.placement_id
        join page as g on g.account_id = p.account_id and g.id = p.page_id
        join option as o on o.widget_id = r.widget_id and o.no = r.option_no group by g.key, o.value"""
    )
    return {(key, value): count for key, value, count in rows}


def _wordpress(release: str) -> Tool:
    async def tool(archives: Path, server: Server, pool: "Pool[asyncpg.Record]") -> tuple[str, list[str]]:
        archive = await asyncio.to_thread(next(archives.glob("feelback-*.zip")).read_bytes)  # noqa: ASYNC240
        if missing := wordpress.missing():
            return "", [f"Not run: apt-get install {missing}"]
        with wordpress.running(release, WORK) as site:
            project = await factories.project(pool, origins=(site.url,))
            widget = await factories.widget(pool, "yesno", project)
            await wordpress_visits.install(site, "feelback.zip", archive, server.url, widget.id)
            links = await wordpress_visits.write_posts(site)
            problems = await wordpress_visits.visit(site, links)
            keys = {name: link.rstrip("/") for name, link in links.items()} | {"hostile": wordpress_visits.HOSTILE_KEY}
            expected = {(key, "y"): 1 for key in keys.values()}
            expected |= {(keys[name], "n"): 1 for name in wordpress_visits.WITHOUT_SCRIPT}
            stored = await counts(pool)
            problems += [] if stored == expected else [f"There are {stored} instead of {expected}."]
            return site.version, problems + site.warnings

    return tool


def _generator(site: generators.Site) -> Tool:
    async def tool(archives: Path, server: Server, pool: "Pool[asyncpg.Record]") -> tuple[str, list[str]]:
        program = site.build[0]
        if program != "python" and not shutil.which(program):
            return "", [f"Not run: apt-get install {program}"]
        with Pages() as pages:
            project = await factories.project(pool, origins=(pages.origin,))
            widget = await factories.widget(pool, "yesno", project)
            values = (server.url, widget.id, pages.origin)
            files = await asyncio.to_thread(generators.build, site, WORK / site.name, archives, WORK, values)
            generators.serve(files, pages.add)
            pages.add("/favicon.ico", b"-", "image/x-icon")
            problems = await generator_visits.visit(site, pages.origin)
            one, two = [(pages.origin + path).rstrip("/") for path in (site.one, site.two)]  # as page keys are
            expected = {(one, "y"): 2, (two, "n"): 1}
            stored = await counts(pool)
            problems += [] if stored == expected else [f"There are {stored} instead of {expected}."]
            first = "select context::text from response where account_id = $1 order by id limit 1"
            context = json.loads(await pool.fetchval(first, project.account_id) or "{}")
            problems += [] if context == site.context else [f"The context is {context} instead of {site.context}."]
            return _version(program, site.name), problems

    return tool


def _version(program: str, name: str) -> str:
    if program != "python":
        return debian.run([program, "version" if program == "hugo" else "--version"], ROOT).split()[1].partition("-")[0]
    package = {"mkdocs": "mkdocs-", "sphinx": "Sphinx="}[name.partition("-")[0]]
    package = "mkdocs=" if name == "mkdocs" else package
    return next(each.partition("==")[2] for each in generators.PYTHON if each.startswith(package))


TOOLS: dict[str, Tool] = {f"wordpress-{release}": _wordpress(release) for release in wordpress.RELEASES}
TOOLS |= {site.name: _generator(site) for site in generators.SITES}


async def run(names: list[str], dsn: str, archives: Path) -> bool:
    """Build and visit the sites; whether nothing is wrong with any."""
    is_good = True
    pool = await db.connect(dsn)
    with serving_in_thread({"DATABASE_URL": dsn}) as server:
        print(f"{'tool':<20} {'version':<10} {'time':>6}  with and without JavaScript", flush=True)
        for name in names:
            await pool.execute("truncate project cascade")
            started = time.monotonic()
            try:
                version, problems = await TOOLS[name](archives, server, pool)
                await check_tallies(pool)
            except Exception as error:
                version, problems = "", [f"{type(error).__name__}: {error}"]
            is_good &= not problems
            seconds = time.monotonic() - started
            outcome = "; ".join(problems) or "counted once, on its page"
            print(f"{name:<20} {version:<10} {seconds:>4.0f} s  {outcome}", flush=True)
    await pool.close()
    return is_good


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="feelback-sites-") as name:
        Path(name).chmod(0o755)
        build([package for package in PACKAGES if package.kind != "npm"], Path(name, "dist"))
        settings = config.load({"FEELBACK_DATA": f"{name}/data", "PGBIN": PGBIN})
        with cluster.use(settings, OPTIONS) as dsn:
            migrate.apply(dsn, secret=SECRET)
            sys.exit(not asyncio.run(run(names or list(TOOLS), dsn, Path(name, "dist"))))


if __name__ == "__main__":
    main(sys.argv[1:])
