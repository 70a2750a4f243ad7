"""A mail's HTML as a page of its own, to be framed: it runs nothing, loads nothing and reaches nothing of this site."""

from quart import Response

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def framed(html: str) -> Response:
    """The page; its links open in a window of their own."""
    headers = {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(html.replace("<head>", '<head><base target="_blank">', 1), headers=headers)
