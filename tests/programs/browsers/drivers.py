"""Firefox by Mozilla's Marionette and WebKitGTK by Selenium, with the few calls that the journeys need."""

import os
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

# Debian has it outside of PATH, in the folder of the machine's kind.
MINI_BROWSER = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)


class Driver(Protocol):
    """A browser with one window."""

    def get(self, address: str) -> None:
        """Go there, and wait until it is loaded."""

    def script(self, source: str, *arguments: Any) -> Any:
        """What a function with this body returns; an element can be clicked and typed into."""

    def resize(self, width: int, height: int) -> None:
        """Change the window's size, in pixels."""

    def quit(self) -> None:
        """Close it."""


class Firefox:
    """Debian's, without a driver program."""

    def __init__(self) -> None:
        from marionette_driver.marionette import Marionette

        self._log = tempfile.TemporaryDirectory()  # Marionette first deletes the file, as root even /dev/null
        log = f"{self._log.name}/firefox.log"
        self._marionette = Marionette(bin="/usr/bin/firefox-esr", headless=True, gecko_log=log)
        self._marionette.start_session()
        self.get = self._marionette.navigate

    def script(self, source: str, *arguments: Any) -> Any:
        return self._marionette.execute_script(source, script_args=list(arguments), sandbox=None, new_sandbox=False)

    def resize(self, width: int, height: int) -> None:
        self._marionette.set_window_rect(width=width, height=height)

    def quit(self) -> None:
        self._marionette.quit(in_app=False)
        self._log.cleanup()


class WebKit:
    """WebKitGTK's own small browser."""

    def __init__(self) -> None:
        from selenium import webdriver
        from selenium.webdriver.webkitgtk.options import Options
        from selenium.webdriver.webkitgtk.service import Service

        # Its sandbox needs user namespaces, which containers do not have.
        environ = {**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        options = Options()
        options.binary_location = str(MINI_BROWSER)
        options.add_argument("--automation")
        self._driver = webdriver.WebKitGTK(options=options, service=Service("/usr/bin/WebKitWebDriver", env=environ))
        self.get = self._driver.get
        self.script = self._driver.execute_script
        self.resize = self._driver.set_window_size
        self.quit = self._driver.quit


BROWSERS: dict[str, type[Any]] = {"firefox": Firefox, "webkit": WebKit}


def wait(driver: Driver, expression: str, *arguments: Any, seconds: float = 15) -> Any:
    """The value of an expression as soon as it is one that counts as true.

    Raises:
        AssertionError: it never was, in so many seconds.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := driver.script(f"return {expression}", *arguments):
            return value
        time.sleep(0.1)
    raise AssertionError(f"never: {expression} {arguments or ''}")
