"""Start the portal in production mode, try every case, print the table; exit code 1 where one did not hold.

`make attack CASE=workbook` tries the cases whose name or group begins so. Everything started is ended and
removed; what was printed is kept in var/attack.md.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from datetime import datetime
from importlib import import_module
from pathlib import Path

import redis

from tools import production, servers
from tools.attack.browser import HOST
from tools.attack.cases import CASES, chosen, table
from tools.bootstrap import ROOT
from tools.say import Stop, line, run, step

GROUPS = (
    "files",
    "lists",
    "guessing",
    "numbers",
    "messages",
    "pictures",
    "requests",
    "sessions",
    "words",
    "interface",
    "trust",
    "belongings",
    "talents",
    "claims",
    "units",
    "proofs",
    "invited",
    "circles",
    "pairs",
    "races",
    "seats",
    "outages",
    "records",
)
PRODUCTION = {
    "PORTAL_ENV": "production",
    "SITE_URL": f"https://{HOST}",
    "TRUSTED_PROXIES": "1",
    "SMS_GATEWAY": "tools.attack.gateways.Sms",
    "EMAIL_BACKEND": "tools.attack.gateways.Mail",
    "DEFAULT_FROM_EMAIL": f"portal@{HOST}",
    # A tenth of what a portal begins with, so that the end of the budget is reached in seconds.
    "SMS_CODES_PER_NETWORK": "20",
    "SMS_CODES_PER_HOUR": "200",
    "API_TOKENS_PER_MINUTE": "100000",
    "API_REQUESTS_PER_MINUTE": "100000",
}


class Attack(production.Site):
    """The portal that is attacked, and beside it, for controls, one without its guards."""

    def start(self):
        """Start everything the cases need, and let this process see the database as the operator does."""
        self.start_stores(VAR_DIR=str(self.folder))
        self.fill()
        with step("Starting granian with 2 workers and Celery, in production mode"):
            self.web = self.start_web(2, **PRODUCTION)
            self.imports = self.launch("imports", "sh", ROOT / "deploy" / "imports", **PRODUCTION)
            self.worker = self.launch("worker", "sh", ROOT / "deploy" / "worker", **PRODUCTION)
        self._unguarded = None
        os.environ |= self.env | {"VAR_DIR": str(self.folder)}

    @property
    def unguarded(self):
        """Return the port of a web server whose guards are missing (tools.attack.unguarded)."""
        if self._unguarded is None:
            self._unguarded = servers.free_port()
            settings = PRODUCTION | {
                "DJANGO_SETTINGS_MODULE": "tools.attack.unguarded",
                "WEB_THREADS": "32",
            }
            self.start_web(1, name="unguarded", port=self._unguarded, **settings)
        return self._unguarded

    @staticmethod
    def spare_port():
        """Return a port nobody listens on."""
        return servers.free_port()

    def next_hour(self):
        """Forget what was counted of messages, as the next hour does."""
        with redis.Redis.from_url(self.redis.url) as client:
            for key in client.scan_iter("*sms:*"):
                client.delete(key)


def end(number, frame):
    """End the run the same way for SIGTERM, a closed terminal and Ctrl-C."""
    raise KeyboardInterrupt


def main():
    """Run the cases asked for."""
    if not Path("/proc/self/clear_refs").exists():
        raise Stop("The attack reads /proc and runs on Linux only.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    started, word = time.monotonic(), os.environ.get("CASE", "")
    folder = Path(tempfile.mkdtemp(prefix="portal-attack-"))
    folder.chmod(0o755)
    attack = Attack(folder)
    try:
        attack.start()
        lines = [_tried(attack, one) for one in load(word)]
    finally:
        attack.stop()
        shutil.rmtree(folder, ignore_errors=True)
    report = f"{table(lines)} {time.monotonic() - started:.0f} s with starting and ending.\n"
    line(f"\n{report}")
    kept = ROOT / "var" / "attack.md"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(f"# {datetime.now().astimezone():%Y-%m-%d %H:%M}\n\n{report}", "utf-8")
    return 0 if all(one.verdict == "held" for one in lines) else 1


def load(word):
    """Return the cases asked for; their modules need Django and are read when it is set up."""
    import django

    django.setup()
    for group in GROUPS:
        import_module(f"tools.attack.{group}")
    import_module("tools.attack.world").begin()
    cases = chosen(word)
    if not cases:
        raise Stop(f"No case begins with “{word}”. There are: {', '.join([*GROUPS, *CASES])}.")
    return cases


def _tried(attack, one):
    line(f"  {one.group}: {one.name} ...")
    ended = one.run(attack)
    line(
        f"    {ended.verdict}, {ended.seconds:.1f} s: {ended.outcome.figure} / {ended.control.figure}"
    )
    return ended


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    run(main)
