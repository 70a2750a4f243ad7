"""The SDK's files: at /sdk/<version>/ they never change, at /sdk/ they are the newest."""

import json
import re
from functools import lru_cache

from quart import Blueprint, Response, request

from app.errors import FeelbackError
from app.http.headers import FOREVER, has_file, send_static
from app.http.stylesheets import STATIC

blueprint = Blueprint("sdk", __name__, url_prefix="/sdk")
FOLDER = STATIC / "sdk"
SOON = "public, max-age=600"


@blueprint.get("/<version>/<name>")
async def get_version(version: str, name: str) -> Response:
    """Serve a file of one version."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version) or not has_file(FOLDER / version, name):
        raise FeelbackError(404, "This version has no such file.", hint="See /sdk/integrity.json.")
    return await _file(version, name, FOREVER)


@blueprint.get("/<version>/languages/<name>")
async def get_language(version: str, name: str) -> Response:
    """Serve the texts of a language, of one version."""
    return await get_version(version, f"languages/{name}")


@blueprint.get("/languages/<name>")
async def get_newest_language(name: str) -> Response:
    """Serve the texts of a language, of the newest version."""
    return await get_newest(f"languages/{name}")


@blueprint.get("/<name>")
async def get_newest(name: str) -> Response:
    """Serve a file of the newest version, or a source file."""
    if has_file(FOLDER / newest(), name):
        return await _file(newest(), name, SOON)
    if not has_file(FOLDER, name):
        raise FeelbackError(404, "This file does not exist.", hint="See /sdk/integrity.json.")
    return await _file("", name, SOON)


@lru_cache(maxsize=1)
def newest() -> str:
    """Return the SDK's newest version."""
    return str(json.loads((FOLDER / "integrity.json").read_text())["version"])


@lru_cache(maxsize=1)
def integrity() -> dict[str, str]:
    """Return the integrity hashes of the newest version's files, by name."""
    return dict(json.loads((FOLDER / "integrity.json").read_text())["versions"][newest()])


async def _file(folder: str, name: str, cached: str) -> Response:
    packed = f"{name}.br"
    is_packed = has_file(FOLDER / folder, packed)
    takes_packed = is_packed and request.accept_encodings["br"] > 0
    response = await send_static(FOLDER / folder, packed if takes_packed else name, _type(name))
    if takes_packed:
        response.headers["Content-Encoding"] = "br"
    if is_packed:
        response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = cached
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _type(name: str) -> str:
    kinds = {"js": "text/javascript", "css": "text/css", "json": "application/json", "md": "text/markdown"}
    return kinds.get(name.rpartition(".")[2], "text/plain")
