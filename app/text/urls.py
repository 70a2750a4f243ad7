"""URLs that somebody else has sent."""

from urllib.parse import SplitResult, urlsplit


def parts(url: str) -> SplitResult:
    """The parts of a URL; all of them are empty where it is none, such as http://[."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
