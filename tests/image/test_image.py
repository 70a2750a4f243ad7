"""The image as it is run: by a user of its own, with a root that cannot be written, against the system's Postgres."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app import __version__, config
from app.database.embedded import cluster
from tests.image.build import buildah
from tests.support.serving import BROWSER, free_port
from tests.support.settings import SECRET

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """How the container connects: to the system's Postgres, by TCP."""
    if not DEBIAN:
        pytest.skip("the system has no Postgres: the image was not run")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="feelback-test-") as folder:
        os.chmod(folder, 0o755)
        settings = config.load({"FEELBACK_DATA": folder, "PGBIN": str(DEBIAN[-1])})
        options = {"listen_addresses": "127.0.0.1", "port": str(port)}
        with cluster.use(settings, options):
            yield f"postgresql://feelback@127.0.0.1:{port}/feelback"


class Container:
    """Runs the image's entry point with its environment and user, its root read-only, /tmp in memory."""

    def __init__(self, root: Path, image: str, environ: dict[str, str]) -> None:
        self.root = root
        self.config = json.loads(buildah("inspect", "--type=image", image))["Docker"]["config"]
        self.environ = {**dict(line.split("=", 1) for line in self.config["Env"]), **environ}

    def command(self, *arguments: str) -> list[str]:
        script = (
            'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t tmpfs tmpfs "$0/tmp" '
            '&& mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev" '
            '&& user="$1" && folder="$2" && shift 2 && exec /usr/sbin/chroot --userspec="$user" "$0" '
            '/bin/sh -c \'cd "$0" && exec "$@"\' "$folder" "$@"'
        )
        return [
            "unshare", "--mount", "--propagation=private", "/bin/sh", "-c", script, str(self.root),
            self.config["User"], self.config["WorkingDir"], *arguments,
        ]  # fmt: skip

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = self.command(*arguments)
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=120)

    def feelback(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.run(*self.config["Entrypoint"], *arguments)


@pytest.fixture
def container(root: Path, image: str, database: str) -> Container:
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "PORT": str(free_port()), "HOST": "127.0.0.1"}
    return Container(root, image, environ)


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
        backed_up = container.feelback("backup", "--to", "/tmp/backups")
        assert "verified" in backed_up.stdout, backed_up.stderr
    finally:
        server.terminate()
        ended = server.wait(60)
        log.seek(0)
        output = log.read().decode()
        log.close()
    assert ended == 0, output
    assert "Traceback" not in output
    assert container.run(*health).returncode == 1
