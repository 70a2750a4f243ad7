"""Runs the image without a container engine, as one would: by its user, with a read-only root and mounted volumes."""

import json
import subprocess
import tempfile
from pathlib import Path

from tests.image.build import buildah


class Container:
    """Runs the image's entry point with its environment and user, its root read-only, /tmp in memory.

    `volumes` are folders or files of this machine by their paths in the container.
    """

    def __init__(self, root: Path, image: str, environ: dict[str, str]) -> None:
        self.root, self.volumes = root, dict[str, Path]()
        self.config = json.loads(buildah("inspect", "--type=image", image))["Docker"]["config"]
        # An engine sets HOME from the image's passwd.
        self.environ = {**dict(line.split("=", 1) for line in self.config["Env"]), "HOME": "/tmp", **environ}

    def named_volume(self, path: str) -> Path:
        """An empty volume, mounted at `path`. An engine gives it the owner and mode that the path has in the image."""
        folder, origin = Path(tempfile.mkdtemp(prefix="feelback-volume-")), self.root / path.lstrip("/")
        mode, owner = (0o755, "0:0")
        if origin.is_dir():
            mode, owner = origin.stat().st_mode & 0o7777, f"{origin.stat().st_uid}:{origin.stat().st_gid}"
        folder.chmod(mode)
        subprocess.run(["chown", owner, folder], check=True)
        self.volumes[path] = folder
        return folder

    def command(self, *arguments: str) -> list[str]:
        mounts = ""
        for path, source in self.volumes.items():
            target = self.root / path.lstrip("/")
            if not target.exists():  # an engine creates what it mounts on
                (target if source.is_dir() else target.parent).mkdir(parents=True, exist_ok=True)
                if not source.is_dir():
                    target.touch()
            mounts += f' && mount --bind "{source}" "$0{path}"'
        script = (
            'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && mount -t tmpfs tmpfs "$0/tmp" '
            f'&& mount -t proc proc "$0/proc" && mount --bind /dev "$0/dev"{mounts} '
            '&& user="$1" && folder="$2" && shift 2 && exec /usr/sbin/chroot --userspec="$user" "$0" '
            '/bin/sh -c \'cd "$0" && exec "$@"\' "$folder" "$@"'
        )
        return [
            "unshare", "--mount", "--propagation=private", "/bin/sh", "-c", script, str(self.root),
            self.config["User"], self.config["WorkingDir"], *arguments,
        ]  # fmt: skip

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = self.command(*arguments)
        return subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=120)

    def feelback(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return self.run(*self.config["Entrypoint"], *arguments)
