"""The JSON body of a `/v1` request."""

from typing import Any

from app.errors import FeelbackError
from app.ingest.request import Request
from app.ingest.responses import Ingest
from app.text.strict_json import loads


async def json_object(ingest: Ingest, request: Request, kind: bytes = b"application/json") -> dict[str, Any]:
    """The body as a JSON object.

    Raises:
        FeelbackError: 415 if the content type is not `kind`; 400, 413, 422.
    """
    if request.media_type() != kind:
        raise FeelbackError(415, f"The content type must be {kind.decode()}.")
    body = loads(await request.body(ingest.settings, ingest.loop))
    if type(body) is not dict:
        raise FeelbackError(422, "The body must be an object.")
    return body
