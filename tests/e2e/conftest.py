"""A real browser against Django's live server.

Playwright keeps an event loop running in the test's thread, and Django refuses database calls where
one runs: tests/servers.py sets DJANGO_ALLOW_ASYNC_UNSAFE for the whole run.
"""

import pytest

from tests.e2e.person import PHONE, Person
from tools.system_packages import browser

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # as root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Start the system's Chromium; Playwright's own would have to be downloaded."""
    path = browser()
    if path is None:
        pytest.fail("No Chromium is installed: run `make test`, which says what to install.")
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": list(CHROMIUM_ARGUMENTS),
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A visitor in Chongqing: her language, her clock, and no look outside the live server."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def errors():
    """Errors thrown by a page's scripts; must stay empty."""
    seen = []
    yield seen
    assert seen == []


@pytest.fixture
def person(browser, live_server, errors, settings):
    """Return a function that seats somebody at a screen."""
    settings.SITE_URL = live_server.url
    return lambda size=PHONE: Person(browser, live_server.url, size, errors)
