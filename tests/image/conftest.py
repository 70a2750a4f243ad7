"""The image, built from this checkout."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.build import NoBaseError, buildah, built_image


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
