"""The image as it is run: by a user of its own, with a root that cannot be written, against the system's Postgres."""

import json
import re
import subprocess
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import psycopg

from app import __version__
from app.config import ROOT
from tests.image.build import UNTRACKED
from tests.image.container import Container
from tests.support.serving import BROWSER


def test_it_describes_itself(container: Container) -> None:
    config = container.config
    assert config["Labels"]["org.opencontainers.image.version"] == __version__
    assert config["User"] == "10001:10001"
    assert config["Cmd"] == ["serve"]
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "python3"]
    assert __version__ in container.feelback("--version").stdout


def test_it_is_nobody_and_can_write_nothing(container: Container) -> None:
    assert container.run("id", "-u").stdout.strip() == "10001"
    for path in ("/opt/feelback/x", "/x", "/usr/bin/x"):
        assert "Read-only" in container.run("touch", path).stderr
    assert container.run("touch", "/tmp/x").returncode == 0
    # Also where the root can be written to, the program is not the process's own.
    assert container.run("find", "/opt", "-writable", "-not", "-type", "l").stdout == ""


def test_it_has_what_backups_need_and_no_pip(container: Container) -> None:
    for program in ("pg_dump", "pg_restore", "age", "gpg"):
        assert container.run(program, "--version").returncode == 0
    assert container.run("python3", "-m", "pip", "--version").returncode != 0


def test_it_has_only_what_git_tracks(container: Container) -> None:
    """The checkout that it was built from has other files as well, such as .env."""
    files = {str(path.relative_to(container.root / "opt/feelback")) for path in _files(container.root / "opt/feelback")}
    assert not {*UNTRACKED} & files
    assert {"app/__main__.py", "sql/roles.sql", ".env.example", "CHANGELOG.md"} <= files
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {name for name in files if "__pycache__" not in name} <= {*listed.splitlines()}
    assert all(re.sub(r"__pycache__/(\w+)\..*", r"\1.py", name) in listed for name in files if "__pycache__" in name)


def test_it_is_at_most_500_megabytes(container: Container) -> None:
    """With its base. A folder's files, as an engine stores them unpacked."""
    size = sum(path.lstat().st_size for path in _files(container.root))
    print(f"{size / 1e6:.0f} MB")
    assert size <= 500e6


def test_it_draws_charts_and_knows_s3(container: Container) -> None:
    """What was left out of the packages is not needed."""
    code = (
        "import io, boto3, app.recaps.charts; from matplotlib.figure import Figure; figure = Figure();"
        " figure.text(0.5, 0.5, 'a'); figure.savefig(io.BytesIO(), format='png');"
        " print(boto3.client('s3', region_name='x').meta.service_model.service_name)"
    )
    done = container.run("python3", "-c", code)
    assert done.stdout == "s3\n", done.stderr


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def test_it_takes_a_response(container: Container) -> None:
    assert "another version's schema" in container.feelback("demo").stderr
    migrated = container.feelback("migrate")
    assert migrated.returncode == 0, migrated.stderr
    port = container.environ["PORT"]
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    # `serve` runs web processes, scheduler and worker: all roles in one.
    server = subprocess.Popen(
        container.command(*container.config["Entrypoint"], *container.config["Cmd"]),
        env=container.environ, stdout=log, stderr=log,
    )  # fmt: skip
    try:
        health = container.config["Healthcheck"]["Test"][1:]
        deadline = time.monotonic() + 60
        while container.run(*health).returncode:
            assert server.poll() is None
            assert time.monotonic() < deadline
        demo = container.feelback("demo", "--json")
        assert demo.returncode == 0, demo.stderr
        response = {"widget": json.loads(demo.stdout)["widgets"]["pulse"], "page": "/from-the-image", "value": "+"}
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/v1/responses", json.dumps(response).encode(),
            {"Content-Type": "application/json", "User-Agent": BROWSER},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status in (200, 201)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            assert answer.status == 200
        with closing(psycopg.connect(container.environ["DATABASE_URL"])) as connection:
            count = connection.execute("select count(*) from response join placement on placement.id = placement_id"
                                       " where placement.key like '%/from-the-image'").fetchone()  # fmt: skip
        assert count == (1,)
        assert container.feelback("work", "--once").returncode == 0
    finally:
        server.terminate()
        ended = server.wait(60)
        log.seek(0)
        output = log.read().decode()
        log.close()
    assert ended == 0, output
    assert "Traceback" not in output
    assert container.run(*health).returncode == 1
