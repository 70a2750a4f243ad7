"""The image, built from this checkout, and the system's Postgres for it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from app import config
from app.database.embedded import cluster
from tests.image.build import NoBaseError, buildah, built_image
from tests.image.container import Container
from tests.support.serving import free_port
from tests.support.settings import SECRET, database_url

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="session")
def image() -> Iterator[str]:
    """The image's name."""
    for tool in ("buildah", "debootstrap"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed: the image was not built")
    if os.geteuid() != 0:
        pytest.skip("only root can build the image without an engine")
    try:
        with built_image("localhost/feelback-test") as name:
            yield name
    except NoBaseError as error:
        pytest.skip(f"debootstrap cannot make a Debian here: {error}")


@pytest.fixture(scope="session")
def root(image: str) -> Iterator[Path]:
    """The image's files, mounted."""
    container = buildah("from", "--pull-never", image)
    yield Path(buildah("mount", container))
    buildah("rm", container)


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


@pytest.fixture
def container(root: Path, image: str, database: str) -> Iterator[Container]:
    environ = {"DATABASE_URL": database, "SECRET_KEY": SECRET, "PORT": str(free_port()), "HOST": "127.0.0.1"}
    container = Container(root, image, environ)
    yield container
    for path in container.volumes.values():
        if path.is_dir():
            shutil.rmtree(path)


@pytest.fixture
def other_database(database: str) -> Iterator[str]:
    """An empty database on the same server."""
    with closing(psycopg.connect(database, autocommit=True)) as connection:
        connection.execute("create database other")
        yield database_url(database, "other")
        connection.execute("drop database other with (force)")
