"""`make crawl`: wapiti and sqlmap over the panel, signed in and not, and over the API, on a server with the demo.

Prints what they found, and whether they came to their end or were stopped; exits with 1 where they found anything.
"""

import csv
import html
import http.cookiejar
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import click

from app.config import ROOT
from app.site.demo_project import EMAIL
from tests.support.browser import Forms
from tests.support.demo_server import demo_server

BIN = ROOT / ".venv-crawl" / "bin"
MODULES = (
    "crlf,csrf,cookieflags,csp,exec,file,http_headers,methods,permanentxss,redirect,sql,ssrf,timesql,upload,xss,xxe"
)
SCANS = {
    "panel": "the panel, signed in", "public": "the public pages", "api": "the API",
    "sql-api": "the API", "sql-panel": "the panel",
}  # fmt: skip
API_MODULES = MODULES.replace("csrf,", "")
ID = re.compile("[0-9a-f]{8}-[0-9a-f-]{27}")
# What would end the crawl's own session, or the account that it looks at, or make a project read-only; and plain files.
ENDS = (
    "/sign-out", "/account", "/me/sessions", "/me/devices/*/remove", "/me/email", "/me/password", "/delete", "*/delete",
    "*/archive", "*/unarchive", "/static/", "/sdk/",
)  # fmt: skip
# Nothing of what they say of these is a fault: the cookie is Secure over https only, which a server on loopback is not.
EXPECTED = ("Secure cookie", "Secure Flag cookie", "HTTP Strict Transport Security (HSTS)")
# Forms on websites, whose visitors nobody knows, send here.
OPEN_TO_SITES = {("Cross Site Request Forgery", "/v1/responses")}


@click.command()
@click.option("--minutes", default=60, show_default=True, help="How long each of the scans may take.")
@click.option("--only", multiple=True, type=click.Choice(SCANS), help="Instead of all of them.")
def main(minutes: int, only: tuple[str, ...]) -> None:
    """Scan all of it, which takes an hour on two cores."""
    wanted = only or SCANS
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="feelback-crawl-") as home, demo_server() as (url, feelback):
        folder = Path(home)
        link = feelback("link", EMAIL).strip().splitlines()[0]
        cookie = _signed_in(url, link)
        key = json.loads(feelback("key", "create", "--project", "demo", "--scope", "manage", "--json"))["key"]
        bearer = f"Authorization: Bearer {key}"
        wapiti = {
            "panel": ["-u", f"{url}/", "-C", f"feelback={cookie}"],
            "public": ["-u", f"{url}/"],
            # Its senders have no cookie that another site could make use of.
            "api": ["-u", f"{url}/v1/", "--swagger", f"{url}/v1/openapi.json", "-H", bearer, "-m", API_MODULES],
        }
        file = folder / "addresses"
        sqlmap = {
            "sql-api": ["--openapi", f"{url}/v1/openapi.json", "-H", bearer],
            "sql-panel": ["-m", str(file), "--cookie", f"feelback={cookie}"],
        }
        for name, arguments in wapiti.items():
            if name in wanted:
                faults += _wapiti(SCANS[name], url, arguments, folder, minutes)
        for name, arguments in sqlmap.items():
            if name in wanted:
                file.write_text("\n".join(_addresses(url, cookie)))
                faults += _sqlmap(SCANS[name], arguments, folder, minutes)
    click.echo("\n".join(faults) or "Nothing was found.")
    sys.exit(1 if faults else 0)


def _signed_in(url: str, link: str) -> str:
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = url + urllib.parse.urlsplit(link).path
    page = browser.open(address).read().decode()
    csrf = re.search(r'name="csrf"\s+value="([^"]+)"', page)
    assert csrf
    request = urllib.request.Request(address, urllib.parse.urlencode({"csrf": csrf[1]}).encode(), {"Origin": url})
    browser.open(request)
    return next(cookie.value or "" for cookie in jar if cookie.name == "feelback")


def _addresses(url: str, cookie: str) -> list[str]:
    """Addresses of the panel with a query: one for each page and set of names, from links and forms that search."""
    waiting, shapes, addresses = ["/projects"], set(), {}
    while waiting and len(shapes) < 120:
        path = waiting.pop(0)
        shape = ID.sub("<id>", path.partition("?")[0])
        if shape in shapes or any(end.strip("*") in path for end in ENDS):
            continue
        shapes.add(shape)
        text = _page(url + path, cookie)
        reader = Forms()
        reader.feed(text)
        links = [html.unescape(link) for link in re.findall(r'(?:href|hx-get)="(/[^"#]*)"', text)]
        for action, fields in reader.forms.items():
            if "csrf" not in fields:
                links.append(
                    f"{action}?{urllib.parse.urlencode({name: value or '1' for name, value in fields.items()})}"
                )
        for link in links:
            waiting.append(link)
            where, _, query = link.partition("?")
            names = tuple(sorted(name for name, _ in urllib.parse.parse_qsl(query)))
            if names and not where.startswith(("/static", "/sdk")):
                addresses.setdefault((ID.sub("<id>", where), names), url + link)
    return list(addresses.values())


def _page(address: str, cookie: str) -> str:
    request = urllib.request.Request(address, headers={"Cookie": f"feelback={cookie}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode() if "html" in answer.headers["Content-Type"] else ""
    except urllib.error.HTTPError:
        return ""


def _wapiti(title: str, url: str, arguments: list[str], folder: Path, minutes: int) -> list[str]:
    report = folder / "wapiti.json"
    command = [
        str(BIN / "python"), str(Path(__file__).with_name("wapiti.py")), "-m", MODULES, *arguments, "--scope", "domain",
        "-d", "10", "--skip", "csrf", "--flush-session",
        "--max-scan-time", str(minutes * 60), "--max-attack-time", str(minutes * 60),
        "--store-session", str(folder / "session"), "-f", "json", "-o", str(report), "--no-bugreport", "-v", "1",
    ]  # fmt: skip
    for end in ENDS:
        command += ["-x", f"{url}{end}*"]
    started = time.monotonic()
    with (folder / "wapiti.log").open("w") as log:
        subprocess.run(command, check=True, stdout=log, stderr=log)
    seconds = time.monotonic() - started
    text = (folder / "wapiti.log").read_text()
    stopped = re.findall(r"Max (scan) time was|Max attack time was reached for module (\w+)", text)
    result = json.loads(report.read_text())
    pages = result["infos"].get("crawled_pages_nbr", 0)
    faults = {
        f"wapiti, {title}: {kind}: {fault['method']} {fault['path']}: {fault['info']}"
        for part in ("vulnerabilities", "anomalies")
        for kind, faults in result[part].items()
        if kind not in EXPECTED
        for fault in faults
        if (kind, urllib.parse.urlsplit(fault["path"]).path) not in OPEN_TO_SITES
    }
    end = f"stopped before the end: {', '.join(map(''.join, stopped))}" if stopped else "to the end"
    click.echo(f"wapiti, {title}: {pages} pages, {len(faults)} found; {seconds:.0f} s, {end}")
    return sorted(faults)


def _sqlmap(title: str, arguments: list[str], folder: Path, minutes: int) -> list[str]:
    report = folder / "sqlmap.csv"
    report.unlink(missing_ok=True)
    command = [
        str(BIN / "sqlmap"), *arguments, "--batch", "--dbms", "PostgreSQL", "--technique", "BEU", "--threads", "4",
        "--flush-session", "--disable-coloring", "--output-dir", str(folder / "sqlmap"), "--results-file", str(report),
    ]  # fmt: skip
    started, end = time.monotonic(), "to the end"
    with (folder / "sqlmap.log").open("w") as log:
        try:
            subprocess.run(command, check=False, stdout=log, stderr=log, timeout=minutes * 60)
        except subprocess.TimeoutExpired:
            end = "stopped before the end"
    log_text = (folder / "sqlmap.log").read_text()
    tested = len(re.findall(r"testing if .* parameter '[^']+'", log_text))
    rows = list(csv.DictReader(report.open())) if report.exists() else []
    faults = [f"sqlmap, {title}: {row['Target URL']} {row['Parameter']}" for row in rows if row.get("Parameter")]
    faults += [f"sqlmap, {title}: {line}" for line in log_text.splitlines() if "is vulnerable" in line]
    click.echo(f"sqlmap, {title}: {tested} parameters, {len(faults)} found; {time.monotonic() - started:.0f} s, {end}")
    return faults


if __name__ == "__main__":
    main()
