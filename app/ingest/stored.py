"""An acknowledged response, and its JSON on `/v1`."""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Stored:
    """An acknowledged response: its id, its outcome (counted, test, duplicate, edited or ignored), and its token.

    It has no id if it is a duplicate of a response that somebody else may have sent. With a token it has the follow-up
    of the option that was chosen, if there is one.
    """

    id: str | None
    outcome: str
    token: str | None = None
    expire_at: str | None = None
    follow_up: dict[str, Any] | None = None

    def json(self) -> dict[str, Any]:
        """As `/v1` answers it."""
        result: dict[str, Any] = {"outcome": self.outcome}
        if self.id is not None:
            result = {"id": self.id, **result}
        if self.token is not None:
            result["revokable"] = {"token": self.token, "expireAt": self.expire_at}
        if self.follow_up is not None:
            result["followUp"] = self.follow_up
        return result
