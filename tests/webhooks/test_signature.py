"""Signatures, verified by the library of Standard Webhooks; and payloads that are cut."""

import base64
import json
import time
import uuid

import pytest

from app.webhooks import payload, signature
from tests.support.settings import SECRET
from tests.support.webhook_receiver import is_verified


def test_the_example_of_the_specification() -> None:
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signature.headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_of_two_secrets_verifies_and_no_other() -> None:
    one, two, other = (signature.new_secret() for _ in range(3))
    headers = signature.headers([one, two], "evt_1", int(time.time()), b"{}")
    assert is_verified(signature.shown_secret(one), headers, b"{}")
    assert is_verified(signature.shown_secret(two), headers, b"{}")
    assert not is_verified(signature.shown_secret(other), headers, b"{}")
    assert not is_verified(signature.shown_secret(one), headers, b"{ }")


def test_a_secret_is_opened_by_its_own_key_and_destination_only() -> None:
    id, secret = uuid.uuid4(), signature.new_secret()
    encrypted = signature.encrypted_secret(SECRET, id, secret)
    assert secret not in encrypted
    assert signature.opened_secrets([SECRET], id, [encrypted]) == [secret]
    assert signature.opened_secrets(["another" * 6, SECRET], id, [encrypted]) == [secret]
    assert signature.opened_secrets([SECRET], uuid.uuid4(), [encrypted]) == []
    assert signature.opened_secrets(["another" * 6], id, [encrypted]) == []


@pytest.mark.parametrize("length", [10, 4000, 70_000, 2_000_000])
def test_a_payload_has_at_most_64_kib(length: int) -> None:
    text = json.dumps({"type": "message.created", "data": {"response": {"message": "ü" * length}}})
    body = payload.fitted(text)
    assert len(body) <= 65_536
    data = json.loads(body)["data"]
    assert data.get("truncated", False) == (length > 5000)
    assert data["response"]["message"].startswith("ü" * 10)


def test_a_digest_of_many_pages_has_at_most_64_kib() -> None:
    page = {"page": {"key": "/" + "x" * 2000}, "newest": [{"message": "y" * 5000}] * 5}
    body = payload.fitted(
        json.dumps({"type": "digest", "data": {"pages": [page] * 900, "others": [{"type": "x"}] * 900}})
    )
    assert len(body) <= 65_536
    assert len(json.loads(body)["data"]["pages"]) == 20
