"""The command line, run as a user runs it, and queries of a database beside it."""

import os
import subprocess
import sys
from contextlib import closing
from typing import Any

import psycopg

from app import config
from app.config import ROOT
from tests.support.settings import PGBIN, SECRET


def rows(dsn: str, query: str) -> list[Any]:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        return connection.execute(query.encode()).fetchall()


def feelback(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: text for name, text in os.environ.items() if name not in config.names()}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**inherited, "SECRET_KEY": SECRET, "PGBIN": PGBIN, **settings},
    )  # fmt: skip
