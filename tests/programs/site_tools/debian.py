"""Debian's packages of a release, unpacked into a folder: other versions of a program than the system's."""

import subprocess
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
_SETTINGS = """\
Dir::State "{0}/state";
Dir::State::status "{0}/status";
Dir::Cache "{0}/cache";
Dir::Etc::sourcelist "{0}/sources.list";
Dir::Etc::sourceparts "-";
Dir::Etc::preferencesparts "-";
APT::Sandbox::User "root";
"""


def unpack(release: str, packages: tuple[str, ...], folder: Path) -> Path:
    """Unpack the packages of a release, without what they depend on, into `folder`/root, which is returned.

    Raises:
        RuntimeError: apt or dpkg failed; with what they printed.
    """
    root = folder / "root"
    if root.is_dir():
        return root
    for name in ("state/lists/partial", "cache/archives/partial", "debs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "status").touch()  # nothing is installed
    (folder / "apt.conf").write_text(_SETTINGS.format(folder))
    keys = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (folder / "sources.list").write_text(f"deb [signed-by={keys}] {MIRROR} {release} main\n")
    environ = {"APT_CONFIG": str(folder / "apt.conf"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    run(["apt-get", "-qq", "update"], folder, environ)
    run(["apt-get", "-qq", "download", *packages], folder / "debs", environ)
    for archive in sorted((folder / "debs").glob("*.deb")):
        run(["dpkg-deb", "-x", str(archive), str(folder / "root.new")], folder)
    (folder / "root.new").rename(root)
    return root


def run(command: list[str], folder: Path, environ: dict[str, str] | None = None, text: str = "") -> str:
    """Run a command to its end; what it printed.

    Raises:
        RuntimeError: it failed; with what it printed.
    """
    process = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, input=text)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{(process.stdout + process.stderr)[-6000:]}")
    return process.stdout
