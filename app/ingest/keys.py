"""Canonical keys: which page a page means, whatever the spelling of its address."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import quote, unquote

TRACKING = frozenset(
    (
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid"),
        *("igshid", "li_fat_id", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_anon_id"),
        *("oly_enc_id", "s_kwcid", "_ga", "_gl"),
    )
)
MOST_HOST_BYTES, MOST_LABEL_CHARS, MOST_PORT_CHARS = 253, 63, 6
_URL = re.compile(r"(https?)://([^/?#\\]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Reserved characters keep the spelling they came in; all others are escaped, as are those that browsers escape in one
# part of an address and not in another.
_PLAIN = "!$&()*+,;=:@/?%-._~"  # beside letters and digits
_NEEDS_NONE = re.compile(r"[A-Za-z0-9!$&()*+,;=:@/?._~-]*")
_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"([a-z0-9_.-]*[a-z0-9_-]\.?|\[[0-9a-f:.]+\])(?::([0-9]{0,5}))?")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")  # full stops of IDNA
INDEXES = frozenset(("index.html", "index.htm", "index.php"))


@dataclass(frozen=True, eq=False)  # hashed with every key: by identity costs nothing, and `rules` gives equal ones once
class KeyRules:
    """How addresses become keys; each name is a setting of a project or a widget.

    trailing_slash: `/a/` is `/a`. index: `/a/index.html` is `/a`. www: `www.example.com` is `example.com`. aliases:
    further names of a host, as (alias, host) pairs. query: `keep` all parameters but trackers, or `drop` them, or a
    tuple of the names to keep. hash_routes: `#/route` and `#!/route` belong to the key. free_keys: keys may be names of
    any kind, not addresses alone.
    """

    trailing_slash: bool = True
    index: bool = True
    www: bool = True
    aliases: tuple[tuple[str, str], ...] = ()
    query: str | tuple[str, ...] = "keep"
    hash_routes: bool = False
    free_keys: bool = True
    host_of: dict[str, str] = field(init=False, repr=False, default_factory=dict)
    hosts: set[str] = field(init=False, repr=False, default_factory=set)

    def __post_init__(self) -> None:
        """Makes the look-up of hosts."""
        self.host_of.update({alias.lower(): host.lower() for alias, host in self.aliases})
        self.hosts.update(self.host_of.values())


def rules(stored: dict[str, object]) -> KeyRules:
    """Rules from the JSON object of a project or widget; missing names have their default."""
    known: dict[str, object] = {}
    for name in ("trailing_slash", "index", "www", "hash_routes", "free_keys"):
        if isinstance(stored.get(name), bool):
            known[name] = stored[name]
    aliases, query = stored.get("aliases"), stored.get("query")
    if isinstance(aliases, dict):
        known["aliases"] = tuple(sorted((str(alias), str(host)) for alias, host in aliases.items()))
    if isinstance(query, list):
        known["query"] = tuple(str(name) for name in query)
    elif query in ("keep", "drop"):
        known["query"] = query
    return _once(tuple(known.items()))


@lru_cache(maxsize=10_000)
def _once(known: tuple[tuple[str, object], ...]) -> KeyRules:
    return KeyRules(**dict(known))  # type: ignore[arg-type]  # every value was checked above


def canonical(key: str, rules: KeyRules) -> str:
    """The canonical key of a page: an http(s) address in one spelling, anything else verbatim.

    Follows RFC 3986, section 6.2.2 and 6.2.3: scheme and host lower case, no default port, escapes upper case and only
    where needed, no dot segments; then the rules. The fragment, the user name and trackers are dropped. An
    address with an invalid host is kept verbatim. Idempotent.
    """
    # Anybody may make keys up: long ones are not remembered, nor those that escaping makes long.
    return _remembered(key, rules) if len(key) <= 256 and key.isascii() else _canonical(key, rules)


def _canonical(key: str, rules: KeyRules) -> str:
    match = _URL.fullmatch(key)
    if not match:
        return key
    scheme, authority, path, query, fragment = match.groups()
    scheme = scheme.lower()
    host = _host(authority, scheme, rules)
    if host is None:
        return key
    path = _dotless(_escaped(path.replace("\\", "/"))) or "/"
    path = _ended(path, rules)
    route = fragment if fragment and rules.hash_routes and fragment.startswith(("#/", "#!/")) else ""
    return f"{scheme}://{host}{path}{_query(query, rules)}{_escaped(route, hash_too=True)}"


_remembered = lru_cache(maxsize=20_000)(_canonical)


def _host(authority: str, scheme: str, rules: KeyRules) -> str | None:
    host = unquote(authority.rpartition("@")[2])
    # Python's IDNA takes a millisecond for a hundred characters, and most of a second for thousands. What DNS has no
    # room for needs none: 253 bytes in UTF-8 for a host, 63 characters for a label, also where one stands for several.
    if len(host.encode("utf-8", "surrogatepass")) > MOST_HOST_BYTES + MOST_PORT_CHARS:
        return None
    if not host.isascii():
        if any(len(label) > MOST_LABEL_CHARS for label in _DOTS.split(normalize("NFKC", host))):
            return None
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    match = _HOST.fullmatch(host.lower())
    if not match:
        return None
    host, port = match[1].rstrip("."), (match[2] or "").lstrip("0")
    for _ in range(8):  # an alias of an alias is followed, a circle of them is not for ever
        while rules.www and host.startswith("www.") and host != "www.":
            host = host[4:]
        if host not in rules.host_of:
            break
        host = rules.host_of[host]
    return host if port in ("", {"http": "80", "https": "443"}[scheme]) else f"{host}:{port}"


def _ended(path: str, rules: KeyRules) -> str:
    end, before = len(path), -1
    while end != before:  # what one rule takes away may leave something for the other
        before = end
        if rules.trailing_slash:
            while end and path[end - 1] == "/":
                end -= 1
        slash = path.rfind("/", 0, end)
        if rules.index and slash >= 0 and path[slash + 1 : end].lower() in INDEXES:
            end = slash + 1
    return path[:end] or "/"


def _query(query: str | None, rules: KeyRules) -> str:
    if not query or query == "?" or rules.query == "drop":
        return ""
    parts = []
    for part in _escaped(query[1:]).split("&"):
        name = unquote(part.partition("=")[0])
        if not part or name.lower().startswith("utm_") or name.lower() in TRACKING:
            continue
        if isinstance(rules.query, tuple) and name not in rules.query:
            continue
        parts.append(part)
    return "?" + "&".join(parts) if parts else ""


def _dotless(path: str) -> str:
    if "/." not in path:
        return path
    path_segments: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(path_segments) > 1:
                path_segments.pop()
        elif segment != ".":
            path_segments.append(segment)
    if segments[-1] in (".", ".."):
        path_segments.append("")
    return "/".join(path_segments)


def _escaped(text: str, hash_too: bool = False) -> str:
    """Every escape that is not needed undone, every other in upper case, all that needs one escaped as UTF-8."""
    if _NEEDS_NONE.fullmatch(text):
        return text
    text = _PERCENT.sub("%25", _ESCAPE.sub(_unescape_unreserved, text)) if "%" in text else text
    return quote(text, safe=_PLAIN + "#" if hash_too else _PLAIN, errors="surrogatepass")


def _unescape_unreserved(match: re.Match[str]) -> str:
    char = chr(int(match[0][1:], 16))
    return char if char in _UNRESERVED else match[0].upper()
