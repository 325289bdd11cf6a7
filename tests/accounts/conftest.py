"""What the account tests share: an empty outbox, fresh rate limits, codes as they were sent."""

import json
import re
import shutil

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _empty_cache_and_outbox(settings):
    cache.clear()
    shutil.rmtree(settings.OUTBOX_DIR, ignore_errors=True)
    settings.EMAIL_BACKEND = "kernel.gateways.LocalMail"
    yield
    cache.clear()


@pytest.fixture
def outbox(settings):
    """Return a function that reads what was sent, oldest first: dicts of channel, to, body."""

    def read():
        files = sorted(settings.OUTBOX_DIR.glob("*.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in files]

    return read


@pytest.fixture
def code(outbox):
    """Return a function that gives the newest six-digit code sent to an address or number."""

    def newest(to):
        bodies = [m["body"] for m in outbox() if m["to"] == to]
        return re.findall(r"(?<!\d)\d{6}(?!\d)", bodies[-1])[0]

    return newest
