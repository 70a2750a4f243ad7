"""Roles in Postgres: the owners of tables and functions, and the roles that sign in.

`sql/roles.sql` grants their rights. Passwords are derived from SECRET_KEY, so that every machine that has it can
connect without further settings. Roles belong to the whole server: where it has several installations, each has its own
DATABASE_ROLE_PREFIX.
"""

import hmac
import re
from urllib.parse import quote, urlsplit, urlunsplit

from app.config import Settings

PREFIX = "feelback"  # the default of DATABASE_ROLE_PREFIX, which replaces it in the names below
OWNER = "feelback_owner"  # owns tables, views and the functions of ingestion, sign-in and jobs
PANEL = "feelback_panel"  # owns the functions that act for one account; row security holds it to that account
APP = "feelback_app"  # the panel and the management API
INGEST = "feelback_ingest"  # the responses
JOBS = "feelback_jobs"  # the scheduler and the worker
INSIGHTS = "feelback_insights"  # whatever draws the views of schema insights: it may read those, and nothing else
ALL = (OWNER, PANEL, APP, INGEST, JOBS, INSIGHTS)
SIGN_IN = (APP, INGEST, JOBS, INSIGHTS)
NAME = re.compile(r"\bfeelback_(?=(?:owner|panel|app|ingest|jobs|insights)\b)")


def renamed(text: str, prefix: str) -> str:
    """The text, with the names of roles as DATABASE_ROLE_PREFIX has them."""
    return text if prefix == PREFIX else NAME.sub(f"{prefix}_", text)


def url(dsn: str, role: str, secret: str, prefix: str = PREFIX) -> str:
    """URL by which `role` connects to the database of `dsn`, a postgresql:// URL."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{renamed(role, prefix)}:{quote(password(role, secret))}@{place}"))


def role_url(settings: Settings, dsn: str, role: str) -> str:
    """As `url`, with the secret key and the prefix of the settings."""
    return url(dsn, role, settings.secret_key, settings.database_role_prefix)


def pool_url(settings: Settings, dsn: str, role: str) -> str:
    """URL by which `role` connects through the transaction pooler, if any: not for migration, jobs and listening."""
    return role_url(settings, settings.database_pool_url or dsn, role)


def password(role: str, secret: str) -> str:
    """The password of a role: the HMAC-SHA256 of its name under the secret key, in hexadecimal digits."""
    return hmac.digest(secret.encode(), f"database role {role}".encode(), "sha256").hex()
