"""The production server with databases of its own, for what measures it or attacks it.

PostgreSQL (durable, with the roles of production) and Redis are started in a folder that is thrown
away, filled with the demo, and served by deploy/web.
"""

import os
import secrets
import subprocess
import time
import urllib.request

from tools import assets, processes, servers
from tools.bootstrap import PYTHON, ROOT, VENV
from tools.say import Stop, step

READY_SECONDS = 30


class Site:
    """One run's servers: `children` in the order they were started, `env` for commands of the operator."""

    def __init__(self, folder):
        self.folder = folder
        self.children = []
        self.port = servers.free_port()
        self.outbox = folder / "outbox"

    # --- databases -----------------------------------------------------------------------------
    def start_stores(self, **settings):
        """Start PostgreSQL and Redis and make `env`, with these settings more."""
        self.postgres = servers.Postgres(
            self.folder / "data", secrets.token_hex(8), self.folder / "pg.log"
        )
        self.redis = servers.Redis(secrets.token_hex(8), self.folder / "redis.log")
        application, purge = secrets.token_hex(8), secrets.token_hex(8)
        with step("Starting PostgreSQL and Redis"):
            self.postgres.create()
            self.database_child = self.postgres.start()
            self.children.append(self.database_child)
            self.postgres.keep_roles({servers.APPLICATION: application, servers.PURGE: purge})
            self.redis_child = self.redis.start()
            self.children.append(self.redis_child)
        self.env = os.environ | {
            "PORTAL_ENV": "development",
            "DJANGO_SETTINGS_MODULE": "liangjiang.settings",
            "DATABASE_URL": self.postgres.url_of(servers.APPLICATION, application),
            "DATABASE_OWNER_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "SECRET_KEY": secrets.token_hex(32),
            "FIELD_KEYS": f"k1:{secrets.token_hex(16)}",
            "INDEX_KEY": secrets.token_hex(32),
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "OUTBOX_DIR": str(self.outbox),
            "AUDIT_ANCHORS": str(self.folder / "audit-anchors"),
            "PUBLIC_CACHE": "1",
            **settings,
        }

    def fill(self):
        """Make the tables, the static files and the demo."""
        assets.build()
        with step("Migrating, collecting static files and filling with the demo"):
            self.manage("migrate", "-v0")
            self.manage("collectstatic", "--noinput", "-v0", "--ignore", "src")
            self.manage("seed_demo", "-v0")

    def manage(self, *command, **settings):
        """Run a management command and return what it printed."""
        process = subprocess.run(
            [PYTHON, ROOT / "manage.py", *command],
            env=self.env | settings, cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip
        if process.returncode:
            raise Stop(f"{process.stderr[-3000:]}\n\nmanage.py {command[0]} failed.")
        return process.stdout

    # --- programs ------------------------------------------------------------------------------
    def launch(self, name, *command, **settings):
        """Start a program of the portal and return it."""
        child = processes.start(
            name,
            command,
            log=self.folder / f"{name}.log",
            env=self.env | {"PATH": f"{VENV / 'bin'}:{os.environ['PATH']}", **settings},
            cwd=ROOT,
        )
        self.children.append(child)
        return child

    def start_web(self, workers=2, *, name="web", port=None, **settings):
        """Start deploy/web, wait until it is ready and return it."""
        port = port or self.port
        settings |= {"WEB_HOST": "127.0.0.1", "WEB_PORT": str(port), "WEB_WORKERS": str(workers)}
        web = self.launch(name, "sh", ROOT / "deploy" / "web", **settings)
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2).read()
                return web
            except OSError:
                time.sleep(0.1)
        raise Stop(f"{processes.tail(web.log)}\n\nThe web server did not answer.")

    def end(self, *children):
        """End these programs before the others."""
        processes.stop(children, patience=5)
        self.children = [child for child in self.children if child not in children]

    def stop(self):
        """End everything, the last started first."""
        processes.stop(self.children[::-1], patience=5)
