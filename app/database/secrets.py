"""What the database holds encrypted by SECRET_KEY, and what becomes of it when SECRET_KEY is replaced."""

import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from app.config import keys
from app.errors import ConfigError

if TYPE_CHECKING:  # as in functions.py
    import psycopg

VISITOR = "visitor"
SALT_BYTES, TOTP_BYTES = 16, 20
OTHER_KEY = (
    "SECRET_KEY: this database was set up with another key. Set SECRET_KEY_PREVIOUS to that one. If it is lost, run"
    " `feelback migrate --secret-key-lost`: visitors who responded count anew, and people sign in with a recovery code"
    " instead of their authenticator app."
)


def visitor_key(secrets: Sequence[str], encrypted: bytes | None) -> bytes:
    """The key by which visitors are hashed, from its encrypted form in the database.

    Raises:
        ConfigError: it was encrypted by none of `secrets`, the secret keys, newest first.
    """
    return _open(secrets, encrypted)[1]


def _open(secrets: Sequence[str], encrypted: bytes | None) -> tuple[str, bytes]:
    if encrypted is None:  # of a version that derived it from its only SECRET_KEY
        return secrets[-1], keys.derive(secrets[-1], keys.VISITOR)
    opened = keys.decrypt(secrets, VISITOR.encode(), encrypted)
    if opened is None:
        raise ConfigError(OTHER_KEY)
    return opened


def totp_secret(secret: str, person_id: UUID, salt: bytes) -> bytes:
    """The secret shared with a person's authenticator app, derived from its salt and a secret key."""
    return hmac.digest(secret.encode(), b"totp" + person_id.bytes + salt, "sha256")[:TOTP_BYTES]


def totp_secrets(secrets: Sequence[str], person_id: UUID, stored: bytes) -> list[bytes]:
    """The secrets that a person's authenticator app may have: one, unless a salt is of one of several secret keys."""
    if len(stored) == SALT_BYTES:
        return [totp_secret(secret, person_id, stored) for secret in secrets]
    opened = keys.decrypt(secrets, _about(person_id), stored)
    return [opened[1]] if opened else []


def encrypt_again(connection: "psycopg.Connection", secrets: Sequence[str], *, is_lost: bool = False) -> bool:
    """Encrypt by the first of `secrets` what another one of them encrypted. Returns whether SECRET_KEY was replaced.

    With `is_lost` a key that none of them opens is replaced by a new one.

    Raises:
        ConfigError: none of them opens it.
    """
    row = connection.execute("select encrypted from public.encrypted_key where name = %s", [VISITOR]).fetchone()
    encrypted: bytes | None = row[0] if row else None
    if is_lost and encrypted is not None and keys.decrypt(secrets, VISITOR.encode(), encrypted) is None:
        _store(connection, secrets[0], keys.derive(secrets[0], keys.VISITOR))
        return True
    before, key = _open(secrets, encrypted)
    if encrypted is not None and before == secrets[0]:
        return False
    with connection.transaction():
        if before != secrets[0]:
            _encrypt_totp(connection, secrets, before)
            _encrypt_destinations(connection, secrets)
            _encrypt_trackers(connection, secrets)
        _store(connection, secrets[0], key)
    return before != secrets[0]


def is_of_another(connection: "psycopg.Connection", secrets: Sequence[str]) -> bool:
    """Whether `encrypt_again` would change something.

    Raises:
        ConfigError: none of `secrets` opens what is encrypted.
    """
    row = connection.execute("select encrypted from public.encrypted_key where name = %s", [VISITOR]).fetchone()
    return row is None or _open(secrets, row[0])[0] != secrets[0]


def _store(connection: "psycopg.Connection", secret: str, key: bytes) -> None:
    connection.execute(
        "insert into public.encrypted_key (name, encrypted) values (%s, %s)"
        " on conflict (name) do update set encrypted = excluded.encrypted, updated_at = now()",
        [VISITOR, keys.encrypt(secret, VISITOR.encode(), key)],
    )


def _encrypt_totp(connection: "psycopg.Connection", secrets: Sequence[str], before: str) -> None:
    rows = connection.execute("select id, totp_salt from public.person where totp_salt is not null for update")
    for person_id, stored in rows.fetchall():
        for secret in totp_secrets([before] if len(stored) == SALT_BYTES else secrets, person_id, stored):
            encrypted = keys.encrypt(secrets[0], _about(person_id), secret)
            connection.execute("update public.person set totp_salt = %s where id = %s", [encrypted, person_id])


def _encrypt_destinations(connection: "psycopg.Connection", secrets: Sequence[str]) -> None:
    rows = connection.execute(
        "select account_id, id, secret, previous_secret from public.destination where secret is not null for update"
    )
    for account_id, id, *stored in rows.fetchall():
        opened = [keys.decrypt(secrets, keys.DESTINATION + id.bytes, value) if value else None for value in stored]
        current, previous = (
            keys.encrypt(secrets[0], keys.DESTINATION + id.bytes, pair[1], len(pair[1])) if pair else value
            for pair, value in zip(opened, stored, strict=True)
        )
        connection.execute(
            "update public.destination set secret = %s, previous_secret = %s where account_id = %s and id = %s",
            [current, previous, account_id, id],
        )


def _encrypt_trackers(connection: "psycopg.Connection", secrets: Sequence[str]) -> None:
    rows = connection.execute("select account_id, project_id, token, hook_secret from public.tracker for update")
    for account_id, project_id, *stored in rows.fetchall():
        about = keys.TRACKER + project_id.bytes
        opened = [keys.decrypt(secrets, about, value) if value else None for value in stored]
        token, hook_secret = (
            keys.encrypt(secrets[0], about, pair[1], len(pair[1])) if pair else value
            for pair, value in zip(opened, stored, strict=True)
        )
        connection.execute(
            "update public.tracker set token = %s, hook_secret = %s where account_id = %s and project_id = %s",
            [token, hook_secret, account_id, project_id],
        )


def _about(person_id: UUID) -> bytes:
    return b"totp" + person_id.bytes
