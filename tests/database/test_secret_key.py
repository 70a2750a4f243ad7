"""SECRET_KEY is replaced: roles sign in, apps keep their codes, visitors count once, tokens and links stay valid."""

import contextlib
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from app import config
from app.config import keys
from app.database import migrate, role_creation, roles, secrets
from app.database.embedded import cluster
from app.errors import ConfigError, FeelbackError
from app.ingest.tokens import Tokens
from app.mail import message
from app.webhooks import apprise_request, signature, tracker_secrets
from tests.support import factories
from tests.support.serving import running, settings
from tests.support.settings import OPTIONS, PGBIN, SECRET, database_url

NEW, NEWER = "a-new-key-" * 4, "a-newer-key-" * 4


@pytest.fixture
def passwords(data_folder: Path) -> Iterator[str]:
    """A server of its own that asks every role but the owner for a password; how to connect to an empty database."""
    hba = data_folder / "hba"
    hba.write_text("local all feelback trust\nlocal all all scram-sha-256\n")
    own = config.load({"FEELBACK_DATA": str(data_folder / "data"), "PGBIN": PGBIN})
    with cluster.use(own, {**OPTIONS, "hba_file": str(hba)}) as dsn:
        yield dsn


def may_sign_in(dsn: str, secret: str, prefix: str = roles.PREFIX) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        for role in roles.SIGN_IN:
            psycopg.connect(roles.url(dsn, role, secret, prefix)).close()
        return True
    return False


def test_roles_sign_in_after_the_key_is_replaced(passwords: str) -> None:
    assert not migrate.apply(passwords, secret=SECRET).has_new_key
    assert may_sign_in(passwords, SECRET)
    with pytest.raises(ConfigError, match="SECRET_KEY_PREVIOUS"):
        migrate.apply(passwords, secret=NEW)
    assert may_sign_in(passwords, SECRET)  # nothing was changed
    own = config.load({"DATABASE_URL": passwords, "SECRET_KEY": NEW, "SECRET_KEY_PREVIOUS": SECRET})
    with pytest.raises(ConfigError, match="run `feelback migrate`"):
        migrate.check(own, passwords)
    assert migrate.of_settings(own, passwords).has_new_key
    migrate.check(own, passwords)
    assert (may_sign_in(passwords, NEW), may_sign_in(passwords, SECRET)) == (True, False)
    assert not migrate.of_settings(own, passwords).has_new_key
    assert not migrate.apply(passwords, secret=NEW).has_new_key  # the old one may be removed
    # Lost: it says how to go on, and goes on.
    with pytest.raises(ConfigError, match="--secret-key-lost"):
        migrate.apply(passwords, secret=NEWER)
    assert migrate.apply(passwords, secret=NEWER, is_key_lost=True).has_new_key
    assert may_sign_in(passwords, NEWER)


def test_two_installations_share_a_server(passwords: str) -> None:
    first, second, copy = passwords, database_url(passwords, "second"), database_url(passwords, "copy")
    with closing(psycopg.connect(passwords, autocommit=True)) as connection:
        connection.execute("create database second")
        connection.execute("create database copy")
    migrate.apply(first, secret=SECRET)
    for call in (lambda: migrate.apply(second, secret=NEW), lambda: role_creation.script(second, NEW)):
        with pytest.raises(ConfigError, match=r"DATABASE_ROLE_PREFIX: .* in the database feelback\."):
            call()
    assert may_sign_in(first, SECRET)
    assert migrate.apply(second, secret=NEW, prefix="feelback2").recreated
    assert migrate.is_current(second, prefix="feelback2")
    assert not migrate.is_current(second)
    assert may_sign_in(first, SECRET)
    assert may_sign_in(second, NEW, "feelback2")
    with closing(psycopg.connect(roles.url(second, roles.APP, NEW, "feelback2"), autocommit=True)) as connection:
        assert connection.execute("select fn.is_fresh()").fetchone() == (True,)
    with closing(psycopg.connect(second, autocommit=True)) as connection:
        owners = connection.execute(
            "select distinct relowner::regrole::text from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') and relname !~ 'yoyo|schema_'"
        ).fetchall()
        policies = connection.execute("select distinct unnest(polroles)::regrole::text from pg_policy").fetchall()
    assert owners == [("feelback2_owner",)]
    assert {name for (name,) in policies} == {"feelback2_owner", "feelback2_panel", "feelback2_app"}
    assert migrate.apply(copy, secret=SECRET).recreated  # a copy of the first, such as a restored backup
    assert may_sign_in(first, SECRET)


async def test_visitors_count_once_on_the_day_of_the_change(
    database: str, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    likes = await factories.widget(pool)
    async with running(settings(database), pool) as api:
        first = [await api.stored(likes.id, "+", visitor=visitor) for visitor in (None, "a-token-of-mine")]
    assert [response["outcome"] for response in first] == ["counted", "counted"]
    assert migrate.apply(database, secret=NEW, previous=[SECRET]).has_new_key
    assert migrate.apply(database, secret=NEWER, previous=[NEW]).has_new_key  # and once more
    own = settings(database, secret_key=NEWER, secret_key_previous=f"{NEW} {SECRET}")
    async with running(own, pool) as api:
        again = [await api.stored(likes.id, "+", visitor=visitor) for visitor in (None, "a-token-of-mine")]
        assert [response["outcome"] for response in again] == ["duplicate", "duplicate"]
        assert [response["id"] for response in again] == [response["id"] for response in first]
        assert (await api.delete(first[0])).status == 204  # by the token of the first key


async def test_apps_keep_their_codes(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    insert = (
        "insert into person (id, email) values (gen_random_uuid(), gen_random_uuid() || '@example.com') returning id"
    )
    ids = [await pool.fetchval(insert) for _ in range(2)]
    salt = b"s" * 16
    before = [secrets.totp_secret(SECRET, id, salt) for id in ids]
    await pool.execute("update person set totp_salt = $1", salt)
    migrate.apply(database, secret=NEW, previous=[SECRET])
    await pool.execute("update person set totp_salt = $2 where id = $1", ids[1], salt)  # set up again since
    before[1] = secrets.totp_secret(NEW, ids[1], salt)
    migrate.apply(database, secret=NEWER, previous=[NEW])
    for id, secret in zip(ids, before, strict=True):
        stored = await pool.fetchval("select totp_salt from person where id = $1", id)
        assert secrets.totp_secrets([NEWER], id, stored) == [secret]
        assert secrets.totp_secrets([SECRET], id, stored) == []  # the replaced key is of no use
        assert secrets.totp_secrets([NEWER], uuid4(), stored) == []


async def test_webhooks_keep_their_secrets(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool)
    id, current, previous = uuid4(), signature.new_secret(), signature.new_secret()
    await pool.execute(
        "insert into destination (account_id, id, project_id, name, type, url, secret, previous_secret, events, pace,"
        " created_at) values ($1, $2, $3, 'Hook', 'webhook', 'https://a.example/', $4, $5, '{export.ready}', 'each',"
        " now())",
        project.account_id, id, project.id, signature.encrypted_secret(SECRET, id, current),
        signature.encrypted_secret(SECRET, id, previous),
    )  # fmt: skip
    migrate.apply(database, secret=NEW, previous=(SECRET,))
    stored = await pool.fetchrow("select secret, previous_secret from destination")
    assert stored is not None
    assert signature.opened_secrets([NEW], id, list(stored)) == [current, previous]
    assert signature.opened_secrets([SECRET], id, list(stored)) == []


async def test_apprise_keeps_its_urls(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool)
    id, url = uuid4(), "ntfy://" + "x" * 900
    await pool.execute(
        "insert into destination (account_id, id, project_id, name, type, secret, events, pace, created_at)"
        " values ($1, $2, $3, 'Phone', 'apprise', $4, '{export.ready}', 'each', now())",
        project.account_id, id, project.id, apprise_request.encrypted_url(SECRET, id, url),
    )  # fmt: skip
    migrate.apply(database, secret=NEW, previous=(SECRET,))
    stored = await pool.fetchval("select secret from destination")
    assert signature.opened_secrets([NEW], id, [stored]) == [url.encode()]


async def test_trackers_keep_their_tokens(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    project = await factories.project(pool)
    id, values = project.id, (b"x" * 255, b"a secret")
    await pool.execute(
        "insert into tracker (account_id, project_id, type, url, path, token, hook_id, hook_secret, title, body,"
        " created_at) values ($1, $2, 'github', 'https://github.com', 'a/b', $3, gen_random_uuid(), $4, 't', 'b',"
        " now())",
        project.account_id, id, *(tracker_secrets.encrypted(SECRET, id, value) for value in values),
    )  # fmt: skip
    migrate.apply(database, secret=NEW, previous=(SECRET,))
    stored = await pool.fetchrow("select token, hook_secret from tracker")
    assert stored is not None
    assert tuple(tracker_secrets.opened([NEW], id, value) for value in stored) == values
    assert tracker_secrets.opened([SECRET], id, stored["token"]) is None


def test_tokens_and_links_of_the_previous_key_stay_valid() -> None:
    id, widget = uuid4().bytes, uuid4().bytes
    token = Tokens(SECRET).make(id, widget, int(time.time() * 1000) + 60_000)
    assert Tokens(NEW, SECRET).read(id, token).widget_id == widget
    with pytest.raises(FeelbackError, match="does not belong"):
        Tokens(NEW).read(id, token)
    assert Tokens(NEW, SECRET).make(id, widget, 1) == Tokens(NEW).make(id, widget, 1)
    old, new = (
        config.load({"DATABASE_URL": "postgresql://x/y", "SECRET_KEY": SECRET}),
        config.load({"DATABASE_URL": "postgresql://x/y", "SECRET_KEY": NEW, "SECRET_KEY_PREVIOUS": SECRET}),
    )
    assert message.consent(new, message.unsubscribe_token(old, "c")) == "c"
    assert message.consent(old, message.unsubscribe_token(new, "c")) is None


def test_an_encrypted_value_opens_by_its_key_and_for_its_purpose_alone() -> None:
    value = bytes(range(64))
    encrypted = keys.encrypt(NEW, b"about", value)
    assert encrypted != keys.encrypt(NEW, b"about", value)
    assert value[:8] not in encrypted
    assert keys.decrypt([SECRET, NEW], b"about", encrypted) == (NEW, value)
    assert keys.decrypt([SECRET], b"about", encrypted) is None
    assert keys.decrypt([NEW], b"another", encrypted) is None
    for at in range(len(encrypted)):
        assert keys.decrypt([NEW], b"about", encrypted[:at] + bytes([encrypted[at] ^ 1]) + encrypted[at + 1 :]) is None
    assert keys.decrypt([NEW], b"about", b"") is None
    with pytest.raises(ValueError, match="64 bytes"):
        keys.encrypt(NEW, b"about", bytes(65))
    purposes = (keys.TOKEN, keys.VISITOR, keys.ENCRYPTION)
    assert len({keys.derive(NEW, purpose) for purpose in purposes}) == len(purposes)


OLD_FORM = bytes.fromhex(
    "9c59785a2f9b37998d356fc97fd1cb2824cb04bcc20bacb7333e3ce059ba1fe112cd4fd0522c38c87608d251c059e488a9abfaa3"
)  # 20 bytes, of NEW and b"about", by the version before 0140


def test_a_value_encrypted_by_an_earlier_version_opens() -> None:
    assert keys.decrypt([SECRET, NEW], b"about", OLD_FORM) == (NEW, bytes(range(20)))
    assert keys.decrypt([SECRET], b"about", OLD_FORM) is None
    assert keys.decrypt([NEW], b"another", OLD_FORM) is None
    for at in range(len(OLD_FORM)):
        assert keys.decrypt([NEW], b"about", OLD_FORM[:at] + bytes([OLD_FORM[at] ^ 1]) + OLD_FORM[at + 1 :]) is None


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"SECRET_KEY_PREVIOUS": "short"}, "SECRET_KEY_PREVIOUS: the value is not valid"),
        ({"DATABASE_ROLE_PREFIX": "Feel back"}, "DATABASE_ROLE_PREFIX"),
        ({"DATABASE_ROLE_PREFIX": "pg_mine"}, "DATABASE_ROLE_PREFIX"),
    ],
)
def test_faults_in_settings_are_named(environ: dict[str, str], message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        config.load({"DATABASE_URL": "postgresql://x/y", "SECRET_KEY": SECRET, **environ})
    assert "short" not in str(caught.value)
