import ipaddress
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app import config
from app.config import misspelt
from app.errors import ConfigError

SECRET = "s" * 32


def example() -> dict[str, str]:
    lines = (config.ROOT / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match("[A-Z]", line))


def test_the_example_lists_exactly_the_settings() -> None:
    assert list(example()) == config.names()


def test_the_example_shows_the_defaults(tmp_path: Path) -> None:
    settings = config.load({**example(), "FEELBACK_DATA": str(tmp_path)})
    assert settings == config.load({"FEELBACK_DATA": str(tmp_path)})


def test_all_faults_are_reported_together() -> None:
    bad = {
        "PORT": "70000",
        "LIMITS": "maybe",
        "TRUSTED_PROXIES": "10.0.0.1/8",
        "LOG_LEVEL": "loud",
        "SECRET_KEY": "short",
    }
    with pytest.raises(ConfigError) as caught:
        config.load(bad)
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["PORT", "LIMITS", "TRUSTED_PROXIES", "LOG_LEVEL", "SECRET_KEY"]
    assert "'70000'" in lines[0]
    assert "from 1 to 65535" in lines[0]


def test_an_old_name_of_a_setting_is_a_warning() -> None:
    environ = {**dict.fromkeys(misspelt.RENAMED, "1"), "DOCS_SET": " ", "PORT": "8000"}
    warnings = config.warnings(environ)
    assert warnings[0] == "LIMIT_CONTENTS_PER_SET is ignored: the setting is now called LIMIT_PAGES_PER_WIDGET."
    assert len(warnings) == len(misspelt.RENAMED) - 1
    assert set(misspelt.RENAMED.values()) <= set(config.names())


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("DATABSE_URL", "DATABASE_URL"), ("DATABASE_URI", "DATABASE_URL"), ("WEB_CONCURENCY", "WEB_CONCURRENCY"),
        ("PORTT", "PORT"), ("SECRET_KEYS", "SECRET_KEY"), ("SENTRY_DNS", "SENTRY_DSN"), ("MAIL_URI", "MAIL_URL"),
        ("BACKUP_URLS", "BACKUP_URL"), ("database_ulr", "DATABASE_URL"), ("LIMIT_ADRESS_BURST", "LIMIT_ADDRESS_BURST"),
    ],
)  # fmt: skip
def test_a_misspelt_setting_is_a_warning(name: str, setting: str) -> None:
    assert config.warnings({name: "x"}) == [f"{name} is not a setting; did you mean {setting}?"]
    assert config.warnings({name: " "}) == []
    # Another program's, if ours is set too.
    assert config.warnings({name: "x", setting: "y"}) == []


def test_names_of_others_are_no_warnings() -> None:
    others = """
        PATH HOME HOSTNAME USER SHELL LANG TERM PWD OLDPWD SHLVL MAIL EDITOR TZ LOGNAME DISPLAY HOSTS POST SPORT
        WORK PGHOST PGPORT PGUSER PGDATA PGPASSWORD PGDATABASE POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD
        DATABASE_PASSWORD AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL_S3
        NODE_ENV CI DEBUG FLY_MACHINE_ID FLY_ALLOC_ID FLY_REGION FLY_PUBLIC_IP FLY_IMAGE_REF FLY_PROCESS_GROUP
        FLY_VM_MEMORY_MB KUBERNETES_SERVICE_HOST KUBERNETES_PORT FEELBACK_PORT FEELBACK_SERVICE_HOST REDIS_URL
        REDIS_PORT SMTP_HOST GITHUB_TOKEN GITHUB_ACTIONS GITHUB_REPOSITORY STRIPE_API_KEY SENTRY_RELEASE
        SENTRY_ENVIRONMENT LOG_DIR PYTHONPATH VIRTUAL_ENV PROMETHEUS_MULTIPROC_DIR FEELBACK_DSN FEELBACK_FUNCTIONS
        XDG_DATA_HOME SSH_AUTH_SOCK HTTP_PROXY HTTPS_PROXY NO_PROXY INVOCATION_ID JOURNAL_STREAM PIP_NO_CACHE_DIR
        TEST_PGBIN TEST_SERVER SERVER_NAME SERVER_SOFTWARE BASH_ENV LS_COLORS
    """.split()  # noqa: SIM905 - a list of names takes four times as many lines
    assert config.warnings(dict.fromkeys(others, "x")) == []


def test_every_unknown_name_in_the_file_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "HOME", tmp_path)
    text = "PORT=8000\nDATABSE_URL=x\nFAVOURITE_COLOUR=blue\nDATABASE_PASSWORD=x\nAWS_REGION=x\nDOCS_SET=x\nLIMIT=\n"
    (tmp_path / ".env").write_text(text)
    lines = [line for line in config.warnings() if ".env:" in line]
    assert lines == [
        ".env: DATABSE_URL is not a setting; did you mean DATABASE_URL?",
        ".env: FAVOURITE_COLOUR is not a setting.",
        ".env: LIMIT is not a setting; did you mean LIMITS?",
    ]


def test_the_command_line_warns_of_an_old_name(tmp_path: Path) -> None:
    environ = {"FEELBACK_DATA": str(tmp_path), "DOCS_SET": "x", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app", "billing"]  # fails early, since billing is off
    process = subprocess.run(command, cwd=config.ROOT, env=environ, capture_output=True, text=True, timeout=60)
    lines = [line for line in process.stderr.splitlines() if "DOCS_SET" in line]
    assert len(lines) == 1, process.stderr
    assert lines[0].endswith("DOCS_SET is ignored: the setting is now called DOCS_WIDGET.")


def test_a_server_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.load({"SECRET_KEY": SECRET}).server == "hypercorn"
    assert config.load({"SERVER": "Uvicorn", "SECRET_KEY": SECRET}).server == "uvicorn"
    with pytest.raises(ConfigError, match="It must be one of hypercorn, uvicorn"):
        config.load({"SERVER": "gunicorn", "SECRET_KEY": SECRET})
    monkeypatch.setattr("app.config.parse.importlib.util.find_spec", lambda name: None)
    assert config.load({"SERVER": "hypercorn", "SECRET_KEY": SECRET}).server == "hypercorn"
    with pytest.raises(ConfigError, match="the extra fast has them"):
        config.load({"SERVER": "uvicorn", "SECRET_KEY": SECRET})


@pytest.mark.parametrize("text", ["-1", "1e3", "٣", "99999999999999999999", "0x10", "8000.0"])
def test_odd_numbers_are_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="PORT"):
        config.load({"PORT": text, "SECRET_KEY": SECRET})


def test_secrets_are_never_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({"DATABASE_URL": "mysql://me:hunter2@host/x", "SECRET_KEY": "tooshort"})
    assert "hunter2" not in str(caught.value)
    assert "tooshort" not in str(caught.value)
    settings = config.load({"DATABASE_URL": "postgresql://me:hunter2@host/x", "SECRET_KEY": SECRET})
    assert "hunter2" not in repr(settings)
    assert SECRET not in repr(settings)


def test_an_own_database_requires_a_secret() -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY: it is missing"):
        config.load({"DATABASE_URL": "postgresql://host/x"})


def test_processes_that_start_at_once_create_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        loads = threads.map(config.load, [{"FEELBACK_DATA": str(tmp_path / "data")}] * 64)
        assert len({settings.secret_key for settings in loads}) == 1
    path = tmp_path / "data" / "secret_key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "data") == ["secret_key"]


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("PORT=1234\nHOST=0.0.0.0\nFEELBACK_DATA=there\n")
    monkeypatch.setattr(config, "HOME", tmp_path)
    for name in config.names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PORT", "4321")
    settings = config.load()
    assert (settings.port, settings.host, settings.feelback_data) == (4321, "0.0.0.0", tmp_path / "there")
    assert settings.base_url == "http://localhost:4321"


def test_an_error_says_what_a_database_url_must_be() -> None:
    with pytest.raises(ConfigError, match="must be an address that begins with postgresql://"):
        config.load({"DATABASE_URL": "postgresql://[", "SECRET_KEY": SECRET})


def test_a_file_that_is_not_text_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_bytes(b"PORT=\xff")
    monkeypatch.setattr(config, "HOME", tmp_path)
    with pytest.raises(ConfigError, match=r"^\.env: it is not UTF-8 text\.$"):
        config.load()


def test_networks_are_parsed() -> None:
    settings = config.load({"TRUSTED_PROXIES": "10.0.0.0/8, ::1/128", "SECRET_KEY": SECRET})
    assert settings.trusted_proxies == (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128"))


@pytest.mark.parametrize(
    "text", ["feelback.example.com", "ftp://x", "https://x/path", "https://", "http://[", "https://a.example:99999"]
)
def test_a_wrong_base_url_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="BASE_URL"):
        config.load({"BASE_URL": text, "SECRET_KEY": SECRET})
