"""Build sites with the real tools, visit them with JavaScript and without, and print a table.

Run as `python -m tests.programs.sites [package …]`: without arguments all of them. The tools come from npm,
into .sites/.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import asyncpg

from app import config
from app.config import ROOT
from app.database import db, migrate
from app.database.embedded import cluster
from tests.programs.sites.builder import addresses, build, clean, with_node
from tests.programs.sites.table import SITES, Site
from tests.programs.sites.visits import visit
from tests.support import factories
from tests.support.sdk_pages import Pages
from tests.support.serving import Server
from tests.support.serving_thread import serving_in_thread
from tests.support.settings import OPTIONS, PGBIN, SECRET

WORK = ROOT / ".sites"
Pool = asyncpg.Pool


async def run(sites: list[Site], dsn: str) -> bool:
    """Build and visit the sites; whether nothing is wrong with any."""
    environ = await asyncio.to_thread(with_node, WORK / "node")
    is_good = True
    pool = await db.connect(dsn)
    with serving_in_thread({"DATABASE_URL": dsn}) as server:
        print(f"{'package':<12} {'tool':<24} {'build':>7}  with and without JavaScript")
        for site in sites:
            tool = next(iter(site.dependencies.items()))
            try:
                seconds, problems = await _one(site, server, pool, environ)
            except Exception as error:
                seconds, problems = 0.0, [str(error)]
            is_good &= not problems
            outcome = "counted once, on its page" + ("" if site.is_rendered else " (nothing is rendered without)")
            print(
                f"{site.package:<12} {' '.join(tool):<24} {seconds:>5.0f} s  {'; '.join(problems) or outcome}",
                flush=True,
            )
    await pool.close()
    return is_good


async def _one(
    site: Site, server: Server, pool: "Pool[asyncpg.Record]", environ: dict[str, str]
) -> tuple[float, list[str]]:
    folder = WORK / site.package
    clean(folder)
    await pool.execute("truncate project cascade")
    with Pages() as pages:
        project = await factories.project(pool, origins=(pages.origin,))
        yesno, pulse = [await factories.widget(pool, type, project) for type in ("yesno", "pulse")]
        placeholders = {
            "https://your.host": server.url,
            "https://blog.example": pages.origin,
            "THE WIDGET'S ID": yesno.id,
            "THE PULSE WIDGET'S ID": pulse.id,
        }
        files, seconds = await asyncio.to_thread(build, site, folder, placeholders, environ)
        pages.files |= addresses(files)
        pages.add("/favicon.ico", b"-", "image/x-icon")
        return seconds, await visit(site, pages.origin, server, pool)


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="feelback-sites-") as name:
        Path(name).chmod(0o755)
        settings = config.load({"FEELBACK_DATA": name, "PGBIN": PGBIN})
        with cluster.use(settings, OPTIONS) as dsn:
            migrate.apply(dsn, secret=SECRET)
            sites = [site for site in SITES if not names or site.package in names]
            sys.exit(not asyncio.run(run(sites, dsn)))


if __name__ == "__main__":
    main(sys.argv[1:])
