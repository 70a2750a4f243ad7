"""The ASGI layer in front of Quart: /v0, and what websites need of /v1, answered without a framework's cost."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from app.config import Settings
from app.database import db
from app.errors import FeelbackError, trace
from app.http.scope import add_route
from app.ingest import forms, stats, v0, v1
from app.ingest.outages import Outages
from app.ingest.request import Answer, ClientGoneError, Headers, Request, written
from app.ingest.responses import Ingest
from app.ingest.wire import encode

log = logging.getLogger(__name__)

Handler = Callable[[Ingest, Request], Awaitable[Answer]]
PREFLIGHT: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, feelback-token"),
    (b"access-control-max-age", b"86400"),
]

# An error is no page, and is not to be taken for one.
NO_PAGE: Headers = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
# What a project's API key manages, which Quart answers.
MANAGEMENT = ("/v1/projects", "/v0/projects/", "/v0/feelbacks/list")
ROUTES: dict[str, dict[str, Handler]] = {
    "/v0/feelbacks/create": {"POST": v0.create},
    "/v0/feelbacks/edit": {"POST": v0.edit},
    "/v0/feelbacks/remove": {"POST": v0.remove},
    "/v0/feelbacks/getAggregates": {"GET": v0.get_aggregates, "HEAD": v0.get_aggregates, "POST": v0.get_aggregates},
    "/v1/responses": {"POST": v1.post_responses},
    "/v1/beacons": {"POST": v1.post_beacons},
    "/v1/seen": {"POST": v1.post_seen},
    "/v1/stats": {"GET": stats.get_stats, "HEAD": stats.get_stats, "POST": stats.post_stats},
    "/v1/openapi.json": {"GET": v1.get_openapi, "HEAD": v1.get_openapi},
}
ONE_RESPONSE: dict[str, Handler] = {"PATCH": v1.patch_response, "DELETE": v1.delete_response}
ONE_WIDGET: dict[str, Handler] = {"GET": v1.get_widget, "HEAD": v1.get_widget}


def handlers(path: str) -> dict[str, Handler] | None:
    """The handlers of a path by method, or None where the gate has none."""
    methods = ROUTES.get(path)
    if methods is None and path.startswith("/v1/responses/") and path.count("/") == 3:
        return ONE_RESPONSE
    if methods is None and path.startswith("/v1/widgets/") and path.count("/") == 3:
        return ONE_WIDGET
    return methods


def route(path: str) -> str:
    """The route that a path is one of, with … for what differs; "other" where the gate has none."""
    if path in ROUTES:
        return path
    return path.rpartition("/")[0] + "/…" if handlers(path) else "other"


class Gate:
    """An ASGI application: its own paths are answered here, all others by `fallback`.

    A server that has read a whole request asks `take` for it, and `answer` then costs it no ASGI messages.
    """

    def __init__(self, fallback: Any, settings: Settings) -> None:
        self._fallback, self._settings = fallback, settings
        self.ingest: Ingest | None = None
        self.is_observed = False
        self.on_unavailable: Callable[[], None] | None = None
        self._outages = Outages()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"][:4] not in ("/v0/", "/v1/") or scope["path"].startswith(MANAGEMENT):
            await self._pass_on(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            answer = await self.answer(request)
        except ClientGoneError:
            return
        if self.is_observed:
            of = request.widget
            add_route(scope, route(request.path), of.account_id if of is not None else None)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        await send({"type": "http.response.body", "body": answer.body})

    def take(self, scope: Any) -> Request | None:
        """The request whose head is `scope`, if it is one for `answer` once its body is there."""
        methods = ROUTES.get(scope["path"])
        handler = methods.get(scope["method"]) if methods is not None else None
        if handler is None or self.ingest is None or self.is_observed:
            return None
        request = Request(scope)
        request.handler = handler
        return request

    async def answer(self, request: Request) -> Answer:
        """The whole answer to a request, whatever happens.

        Raises:
            ClientGoneError: the client broke off while it sent its body.
        """
        try:
            handler = request.handler or (handlers(request.path) or {}).get(request.method)
            if handler is None or self.ingest is None:
                answer = self._unhandled(request)
            else:
                if self.ingest.admission.receive(request):
                    await self.ingest.admission.identify(request)
                answer = await handler(self.ingest, request)
        except FeelbackError as error:
            if error.status == 503:
                self._count_outage(error)
            answer = refusal(request, error)
        except ClientGoneError:
            raise
        except db.UNAVAILABLE as error:
            self._count_outage(error)
            answer = refusal(request, db.unavailable())
        except Exception as error:
            log.error(
                "%s %s failed: %s",
                request.method,
                route(request.path),
                trace(error),
            )
            answer = refusal(request, FeelbackError(500, "Something went wrong on our side. We have logged it."))
        self._allow(request, answer)
        if answer.body or answer.status not in (204, 304):
            answer.headers.append((b"content-length", b"%d" % len(answer.body)))
        return answer

    def _count_outage(self, error: BaseException) -> None:
        self._outages.add(error)
        if self.on_unavailable is not None:
            self.on_unavailable()

    async def _pass_on(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":  # there are none here
            await send({"type": "websocket.close"})
        else:
            await self._fallback(scope, receive, send)

    def _unhandled(self, request: Request) -> Answer:
        methods = handlers(request.path)
        if methods is None:
            raise FeelbackError(404, "There is nothing at this address.")
        if request.method == "OPTIONS":
            return Answer(204, b"", list(PREFLIGHT))
        if request.method in methods:
            raise db.unavailable()
        allowed = ", ".join([*methods, "OPTIONS"])
        raise FeelbackError(405, f"{request.method} is not possible here: use {allowed}.", headers={"allow": allowed})

    def _allow(self, request: Request, answer: Answer) -> None:
        # Before the widget is known nothing of it can be told: such an answer any page may read. Then only the widget's
        # own, except that a page learns that it is refused: elements that cannot read it take themselves for offline,
        # keep the response and send it later.
        origin = request.headers.get(b"origin")
        if request.method == "OPTIONS":
            return
        widget, headers = request.widget, answer.headers
        if origin is None:
            if widget is not None and "*" not in widget.origins:
                headers.append((b"vary", b"origin"))
            return
        if widget is None or "*" in widget.origins:
            headers.append((b"access-control-allow-origin", b"*"))
        else:
            headers.append((b"vary", b"origin"))
            if answer.status != 403 and not widget.takes_from(request.origin()):
                return
            headers.append((b"access-control-allow-origin", origin))
        if answer.status >= 400:
            headers.append((b"access-control-expose-headers", b"retry-after"))


def refusal(request: Request, error: FeelbackError) -> Answer:
    """An error as the request's kind of client can read it: a page for a form, else JSON."""
    extra = [(name.encode(), value.encode()) for name, value in error.headers.items()]
    if forms.is_form(request):
        return forms.refusal(request, error, extra)
    answer = written(error.status, encode(error.body()))
    answer.headers += [*NO_PAGE, *extra]
    return answer
