"""Why a delivery failed: the words for it, and whether another attempt may succeed."""

from typing import NamedTuple


class Problem(NamedTuple):
    """What the panel says; `is_final` where another attempt would fail as well."""

    text: str
    is_final: bool = False


PROBLEMS = {
    "url": Problem("The URL is not valid. Check its host and port.", is_final=True),
    "dns": Problem("The host name could not be resolved."),
    "forbidden": Problem("The host name leads to an address that is not public.", is_final=True),
    "plain_http": Problem("The URL must begin with https://.", is_final=True),
    "not_http": Problem("Only services that are reached by HTTPS can be used.", is_final=True),
    "plain_service": Problem(
        "The service would be reached without encryption. Use the secure form of the URL, such as jsons://.",
        is_final=True,
    ),
    "connect": Problem("The server could not be reached."),
    "tls": Problem("The TLS certificate is not valid, or no secure connection could be made."),
    "timeout": Problem("The server did not answer within 10 seconds."),
    "protocol": Problem("The answer is not HTTP."),
    "redirect": Problem("The server answered with a redirect, which is not followed. Enter the final URL."),
    "client_error": Problem("The server refused the request."),
    "gone": Problem("The server answered 410 Gone. The destination is disabled.", is_final=True),
    "server_error": Problem("The server failed."),
    "secret": Problem("The secret cannot be decrypted. Replace it.", is_final=True),
    "not_started": Problem("Apprise did not start within 30 seconds."),
    "not_installed": Problem("Apprise is not installed on this server."),
    "local": Problem("This service uses files or programs of the server, which are not available.", is_final=True),
    "service": Problem("The service did not take the message."),
    "internal": Problem("The attempt failed because of an error on our side."),
    "no_member": Problem("The recipient is no longer a member of the account.", is_final=True),
}


def status_problem(status: int) -> str | None:
    """The name of the problem that a status is, None for a success."""
    if 200 <= status < 300:
        return None
    if status == 410:
        return "gone"
    if status < 400:
        return "redirect"
    return "client_error" if status < 500 else "server_error"
