"""The panel on a database with the demo in it."""

from tests.support.panel_fixtures import *  # noqa: F403
