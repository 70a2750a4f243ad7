"""Archives among the fixtures."""

import tarfile
from pathlib import Path


def extract(path: Path, folder: Path) -> None:
    """Extract a tar archive of the repository into `folder`."""
    with tarfile.open(path) as archive:
        # Python 3.11.2, which Debian 12 has, knows no filters.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(folder)
