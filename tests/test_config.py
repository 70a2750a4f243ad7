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
    environ = {**dict.fromkeys(config.RENAMED, "1"), "DOCS_SET": " ", "PORT": "8000"}
    warnings = config.warnings(environ)
    assert warnings[0] == "LIMIT_CONTENTS_PER_SET is ignored: the setting is now called LIMIT_PAGES_PER_WIDGET."
    assert len(warnings) == len(config.RENAMED) - 1
    assert set(config.RENAMED.values()) <= set(config.names())


def test_the_command_line_warns_of_an_old_name(tmp_path: Path) -> None:
    environ = {"FEELBACK_DATA": str(tmp_path), "DOCS_SET": "x", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app", "billing"]  # fails early, since billing is off
    process = subprocess.run(command, cwd=config.ROOT, env=environ, capture_output=True, text=True, timeout=60)
    lines = [line for line in process.stderr.splitlines() if "DOCS_SET" in line]
    assert len(lines) == 1, process.stderr
    assert lines[0].endswith("DOCS_SET is ignored: the setting is now called DOCS_WIDGET.")


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
