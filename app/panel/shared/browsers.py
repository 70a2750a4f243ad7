"""Name of a browser, from its User-Agent."""

from quart import request

FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def current() -> str:
    """Name of the request's browser, such as "Firefox on Linux"."""
    return family(request.headers.get("User-Agent", ""))


def family(user_agent: str) -> str:
    """Family and system of a User-Agent."""
    browser, system = (next((name for sign, name in table if sign in user_agent), "") for table in (FAMILIES, SYSTEMS))
    return f"{browser or 'Another browser'} on {system}" if system else browser or "Another browser"
