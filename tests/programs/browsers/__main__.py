"""`make browsers`: elements on another website and the panel, in Debian's Firefox and in WebKitGTK, Safari's engine.

The suite drives Chromium. Prints what each of the others could do; exits with 1 where one could not, or where the
responses that the server counted are not those that were given.
"""

import json
import shutil
import subprocess
import sys
import urllib.request

from app.config import ROOT
from tests.support.demo_server import OPERATOR, demo_server
from tests.support.sdk_pages import Pages

PYTHON = ROOT / ".venv-browsers" / "bin" / "python"
NEEDS = ("firefox-esr", "WebKitWebDriver", "xvfb-run")
TYPES = ("pulse", "updown", "yesno", "reaction", "rating", "nps", "message", "form")
FIELDS = [{"name": "email", "kind": "email", "label": "Email", "required": True}]
REASONS = [{"value": "unclear", "label": "Hard to understand"}, {"value": "other", "label": "Something else"}]
WHY = {"option": "n", "question": "What was missing?", "multiple": True, "message": True, "reasons": REASONS}


def main() -> None:
    """Give each browser a project and a website of its own."""
    missing = [name for name in NEEDS if not shutil.which(name)]
    if missing:
        sys.exit(f"make browsers needs {', '.join(missing)}: apt install firefox-esr webkit2gtk-driver xvfb xauth")
    is_right = True
    with demo_server() as (url, feelback):
        for browser in ("firefox", "webkit"):
            with Pages() as site, Pages() as unlisted:
                created = json.loads(feelback("project", "create", browser, "--origin", site.origin, "--json"))
                key = json.loads(feelback("key", "create", "--project", browser, "--scope", "manage", "--json"))["key"]
                project = f"{url}/v1/projects/{created['id']}"
                widgets = {type: _call(f"{project}/widgets", key, {"type": type, "name": type}) for type in TYPES[:-1]}
                widgets["form"] = _call(f"{project}/widgets", key, {"type": "form", "name": "form", "fields": FIELDS})
                _call(f"{project}/widgets/{widgets['yesno']['id']}/follow-ups", key, {"followUps": [WHY]}, "PUT")
                for website in (site, unlisted):
                    website.add("/article", _article(url, {type: widget["id"] for type, widget in widgets.items()}))
                work = {
                    "url": url, "link": feelback("link", OPERATOR).splitlines()[0], "browser": browser,
                    "article": f"{site.origin}/article", "unlisted": f"{unlisted.origin}/article",
                    "message": widgets["message"]["id"],
                }  # fmt: skip
                command = ["xvfb-run", "--auto-servernum", PYTHON, "-m", "tests.programs.browsers.journeys"]
                done = subprocess.run(command, cwd=ROOT, input=json.dumps(work), text=True, timeout=600)
                responses = _call(f"{project}/responses", key)["items"]
            counts = dict.fromkeys(TYPES, 0) | {"in all": len(responses)}
            for response in responses:
                counts[next(type for type in TYPES if widgets[type]["id"] == response["widget"])] += 1
            is_exact = counts == dict.fromkeys(TYPES, 1) | {"message": 2, "in all": len(TYPES) + 1}
            print(f"{browser}: each response counted once: {'yes' if is_exact else counts}", flush=True)
            is_right &= is_exact and done.returncode == 0
    sys.exit(not is_right)


def _article(url: str, widgets: dict[str, str]) -> str:
    elements = "".join(f'<feelback-{type} widget="{id}" count></feelback-{type}>' for type, id in widgets.items())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>An article</title><script type="module" src="{url}/sdk/feelback.js"></script><body>{elements}'
    )


def _call(address: str, key: str, body: object = None, method: str | None = None) -> dict:  # type: ignore[type-arg]
    request = urllib.request.Request(
        address,
        None if body is None else json.dumps(body).encode(),
        {"authorization": f"Bearer {key}", "content-type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main()
