"""A fresh WordPress of a Debian release, on a MariaDB of its own, in which our plugin is installed from its archive."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.programs.site_tools import debian
from tests.support.serving import free_port

# Debian's packages of WordPress, by release, with the theme that it has.
RELEASES = {"bookworm": "twentytwentythree", "trixie": "twentytwentyfive"}
NEEDED = {"php": "php-cli php-mysql", "mariadbd": "mariadb-server", "mariadb-install-db": "mariadb-server"}
PASSWORD = "a password for tests"
CONFIGURATION = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('AUTH_KEY', 'tests'); define('SECURE_AUTH_KEY', 'tests'); define('LOGGED_IN_KEY', 'tests');
define('NONCE_KEY', 'tests');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}'); define('FS_METHOD', 'direct');
define('WP_DEBUG', true); define('WP_DEBUG_LOG', '{log}'); define('WP_DEBUG_DISPLAY', false);
define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
INSTALL = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '{host}';
require '{root}/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Tests', 'admin', 'admin@blog.example', true, '', '{password}');
wp_insert_user(array('user_login' => 'author', 'user_pass' => '{password}', 'role' => 'author'));
switch_theme('{theme}');
update_option('permalink_structure', '/%postname%/');
echo get_bloginfo('version');
"""
ROUTER = """<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$file = $_SERVER['DOCUMENT_ROOT'] . $path;
if (is_dir($file) && is_file("$file/index.php") && substr($path, -1) === '/' && $path !== '/') {
    require "$file/index.php";
} elseif (is_file($file)) {
    return false;
} else {
    require $_SERVER['DOCUMENT_ROOT'] . '/index.php';
}
"""


@dataclass(frozen=True)
class WordPress:
    """A running WordPress: its version, its address, and the file of PHP's warnings and errors."""

    version: str
    url: str
    log: Path

    @property
    def warnings(self) -> list[str]:
        """What PHP has said about our plugin."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line for line in lines if "plugins/feelback" in line]


def missing() -> str:
    """Return the Debian packages that are missing, as for apt-get install."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    return " ".join(dict.fromkeys(name for program, name in NEEDED.items() if not shutil.which(program, path=path)))


@contextlib.contextmanager
def running(release: str, work: Path) -> Iterator[WordPress]:
    """Install WordPress, and serve it until the end; Debian's packages are in `work` for the next time."""
    packages = ("wordpress", f"wordpress-theme-{RELEASES[release]}", "php-getid3", "libjs-cropper", "libjs-underscore")
    unpacked = debian.unpack(release, packages, work / f"wordpress-{release}")
    with tempfile.TemporaryDirectory(prefix="feelback-wordpress-") as name, _database(Path(name)) as socket:
        port, root = free_port(), Path(name, "root/usr/share/wordpress")
        shutil.copytree(unpacked / "usr", Path(name, "root/usr"), symlinks=True)
        values = {
            "url": f"http://127.0.0.1:{port}", "host": f"127.0.0.1:{port}", "socket": str(socket), "root": str(root),
            "log": f"{name}/errors.log", "password": PASSWORD, "theme": RELEASES[release],
        }  # fmt: skip
        (root / "wp-config.php").write_text(_filled(CONFIGURATION, values))
        for folder in ("plugins", "uploads", "upgrade"):
            (root / "wp-content" / folder).mkdir(exist_ok=True)
        version = debian.run(["php"], root, text=_filled(INSTALL, values)).strip().splitlines()[-1]
        (Path(name) / "router.php").write_text(ROUTER)
        command = ["php", "-d", "upload_max_filesize=8M", "-S", values["host"], "-t", str(root), f"{name}/router.php"]
        environ = {**os.environ, "PHP_CLI_SERVER_WORKERS": "4"}
        with open(f"{name}/server.log", "w") as log:
            process = subprocess.Popen(command, cwd=root, env=environ, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(values["url"] + "/wp-login.php")
            yield WordPress(version, values["url"], Path(name, "errors.log"))
        finally:
            os.killpg(process.pid, 15)  # with its workers
            process.wait(20)


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[Path]:
    data, socket = folder / "mysql", folder / "mysql.sock"
    environ = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    user = ["--user=root"] if os.geteuid() == 0 else []
    options = ["--no-defaults", f"--datadir={data}", *user]
    normal = "--auth-root-authentication-method=normal"
    debian.run(["mariadb-install-db", *options, normal, "--skip-test-db"], folder, environ)
    process = subprocess.Popen(
        ["mariadbd", *options, "--skip-networking", f"--socket={socket}", "--innodb-flush-log-at-trx-commit=0"],
        env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            if socket.exists():
                break
            time.sleep(0.1)
        create = "create database wordpress character set utf8mb4"
        debian.run(["mariadb", "--no-defaults", f"--socket={socket}", "-u", "root", "-e", create], folder)
        yield socket
    finally:
        process.terminate()
        process.wait(60)


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def _wait_for(url: str) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=10).close()
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer.")
