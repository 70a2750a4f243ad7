"""Backups by the image, as compose.yaml and docs/backups.md have them: into a named volume, and encrypted."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.config import ROOT
from tests.image.container import Container
from tests.support.settings import SECRET


def service(name: str, environ: dict[str, str]) -> dict[str, Any]:
    """A service of compose.yaml, with `environ` in place of its variables as Compose does."""

    def value(match: "re.Match[str]") -> str:
        variable, kind, rest = match.groups()
        assert kind == ":-" or environ.get(variable), f"{variable}: {rest}"
        return environ.get(variable) or (rest if kind == ":-" else "")

    text = re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", value, (ROOT / "compose.yaml").read_text())
    return dict(yaml.safe_load(text)["services"][name])


@pytest.fixture
def migrated(container: Container) -> Container:
    assert container.feelback("migrate").returncode == 0
    assert container.feelback("demo").returncode == 0
    return container


def as_compose_runs_it(container: Container, name: str, environ: dict[str, str]) -> dict[str, Any]:
    """Give the container what compose.yaml gives the service, but for the address of the database."""
    described = service(name, {"SECRET_KEY": SECRET, "DATABASE_PASSWORD": "x" * 32, **environ})
    variables = {key: str("" if text is None else text) for key, text in described["environment"].items()}
    container.environ |= {**variables, "DATABASE_URL": container.environ["DATABASE_URL"]}
    return described


def test_compose_backs_up_into_its_volume(migrated: Container, other_database: str) -> None:
    described = as_compose_runs_it(migrated, "backup", {})
    (volume,) = described["volumes"]
    folder = migrated.named_volume(volume.split(":")[1])
    backup = migrated.feelback(*described["command"])
    assert (backup.returncode, "verified" in backup.stdout) == (0, True), backup.stderr
    assert "feelback-" in migrated.feelback(*described["command"], "list").stdout
    assert folder.stat().st_uid == 10001
    # `web` mounts the same folder, to try the backups.
    web = service("web", {"SECRET_KEY": SECRET, "DATABASE_PASSWORD": "x"})
    assert web["volumes"] == [f"{volume}:ro"]
    migrated.environ["DATABASE_URL"] = other_database
    restored = migrated.feelback("restore")  # the server is older than the image's pg_restore
    assert (restored.returncode, "Checked" in restored.stdout) == (0, True), restored.stdout + restored.stderr


def test_a_folder_of_somebody_else_is_one_clear_error(migrated: Container) -> None:
    folder = migrated.named_volume("/backups")
    os.chown(folder, 0, 0)
    migrated.environ["BACKUP_URL"] = "/backups"
    backup = migrated.feelback("backup")
    assert backup.returncode == 1
    assert "/backups cannot be written to: Permission denied" in backup.stderr
    assert len(backup.stderr.splitlines()) == 1


@pytest.mark.parametrize("program", ["age", "gpg"])
def test_the_image_encrypts(migrated: Container, program: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """With the public key only, and for gpg without a keyring, for which there is no place on a read-only root."""
    folder = migrated.named_volume("/backups")
    migrated.environ["BACKUP_URL"] = "/backups"
    if program == "age":
        keys = tmp_path / "keys.txt"
        subprocess.run(["age-keygen", "-o", keys], check=True, capture_output=True)
        public = subprocess.run(["age-keygen", "-y", keys], check=True, capture_output=True, text=True).stdout.strip()
        decrypt = ["age", "--decrypt", "--identity", str(keys)]
    else:
        public = "/keys/backups.asc"
        migrated.volumes["/keys/backups.asc"] = request.getfixturevalue("gpg_key")
        decrypt = ["gpg", "--batch", "--quiet", "--decrypt"]
    migrated.environ["BACKUP_ENCRYPTION"] = f"{program}:{public}"
    backup = migrated.feelback("backup")
    assert (backup.returncode, "verified" in backup.stdout) == (0, True), backup.stderr
    (path,) = folder.glob(f"*.dump.{program}")
    # With the private key, which is elsewhere.
    assert subprocess.run([*decrypt, str(path)], check=True, capture_output=True).stdout.startswith(b"PGDMP")


@pytest.fixture
def gpg_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a public key, whose private key is in a keyring of the test."""
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    generate = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-generate-key", "backups@example.com"]
    subprocess.run(generate, check=True, capture_output=True)
    path = tmp_path / "backups.asc"
    export = ["gpg", "--armor", "--export", "backups@example.com"]
    path.write_bytes(subprocess.run(export, check=True, capture_output=True).stdout)
    path.chmod(0o644)
    request = ["gpgconf", "--kill", "gpg-agent"]
    subprocess.run(request, check=True)
    return path
