"""What people call the browser that they use: its family and its system, no more."""

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
    """The browser that sent the request: Firefox on Linux."""
    return family(request.headers.get("User-Agent", ""))


def family(user_agent: str) -> str:
    """The family and system of a User-Agent."""
    browser, system = (next((name for sign, name in known if sign in user_agent), "") for known in (FAMILIES, SYSTEMS))
    return f"{browser or 'Another browser'} on {system}" if system else browser or "Another browser"
