"""`make run`: the whole portal on one machine, stopped by one Ctrl-C.

Stages with one line each: database and Redis, migrations, translations, style sheets, static files,
demo data; then web server, Celery worker and beat together. One of these that dies is started again, after a pause
that grows; one that dies again and again within a minute, or a server that ends, stops everything.
`--reset` throws the local database away, fills a new one, and stops again.
"""

import ast
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tools import assets, local_env, processes, reload, servers, stamps
from tools.bootstrap import PYTHON, ROOT, STAMP
from tools.deaths import Deaths
from tools.say import Stop, line, run, step

VAR = ROOT / "var"
LOGS = VAR / "log"
ANCHORS = VAR / "audit-anchors"  # the heads of the local database's audit chain
APPLIED = VAR / "migrations.json"  # what the local database was made by
FIRST_PORT = 8000
PORTS_TRIED = 50
READY_SECONDS = 90
STOP_SECONDS = 6


def hold_port(wanted, hold=servers.hold):
    """Take the wanted port or the next free one for the web server to come: (port, what holds it).

    From the first moment on: another clone that is started in the same second takes the next one.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        if holder := hold(port):
            return port, holder
    port = servers.free_port()
    return port, hold(port)


def wanted_port(text):
    """The port asked for by `PORT`, 8000 when it is empty."""
    if not text:
        return FIRST_PORT
    if text.isdecimal() and 1 <= int(text) <= 65535:
        return int(text)
    raise Stop(f"PORT={text} is not a port: give a number from 1 to 65535, as in PORT=8123.")


@contextlib.contextmanager
def only_one():
    """Hold the project's lock; its file says where the portal answers. Freed even by SIGKILL."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "run.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip()
            raise Stop(
                f"The portal already runs from this folder ({where or 'just starting'}): use it, "
                "or stop it with Ctrl-C in its window first."
            ) from None

        def say(text):
            lock.truncate(0)
            lock.write(text)
            lock.flush()

        say(f"process {os.getpid()}")
        yield say


@dataclass
class Portal:
    """The running parts of one portal, and the settings they share."""

    children: list = field(default_factory=list)
    stores: list = field(default_factory=list)
    values: dict = field(default_factory=dict)
    postgres: servers.Postgres | None = None
    deaths: Deaths = field(default_factory=Deaths)
    programs: dict = field(default_factory=dict)  # {name: how it was started}
    waiting: dict = field(default_factory=dict)  # {name of what died: when it is started again}

    @property
    def env(self):
        """The environment of every child: the caller's, with the local settings on top."""
        return dict(os.environ) | self.values

    def manage(self, *arguments):
        """Run a management command to its end."""
        name = arguments[0]
        command = [PYTHON, "manage.py", *arguments]
        processes.run(name, command, log=LOGS / f"{name}.log", env=self.env, cwd=ROOT)

    def launch(self, name, *arguments, **settings):
        """Start a long-running program of the portal's own environment, with these settings more."""
        command, env = [PYTHON, "-m", *arguments], self.env | settings
        log = LOGS / f"{name}.log"
        again = self.waiting.pop(name, None) is not None  # its log says what it died of
        child = processes.start(name, command, log=log, append=again, env=env, cwd=ROOT)
        self.programs[name] = (arguments, settings)
        self.children.append(child)

    def start_servers(self, *, reset=False):
        """Start PostgreSQL and Redis, or check those that DATABASE_URL and REDIS_URL name."""
        saved = local_env.parse(local_env.read())
        keys = local_env.keys(saved)
        self.values = {"PORTAL_ENV": "development", **keys}
        if os.environ.get("DATABASE_URL"):
            if reset:
                raise Stop(
                    "DATABASE_URL is set, and `make demo-reset` only throws its own local "
                    "database away: unset it, or empty that database yourself."
                )
            with step("Asking the database of DATABASE_URL"):
                servers.require_database(os.environ["DATABASE_URL"])
            self.values["DATABASE_URL"] = os.environ["DATABASE_URL"]
        else:
            self._start_postgres(saved, keys, reset)
        if os.environ.get("REDIS_URL"):
            with step("Asking the Redis of REDIS_URL"):
                servers.require_redis(os.environ["REDIS_URL"])
            self.values["REDIS_URL"] = os.environ["REDIS_URL"]
        else:
            redis = servers.Redis(
                keys["REDIS_PASSWORD"], LOGS / "redis.log", port=port_of(saved.get("REDIS_URL"))
            )
            with step("Starting Redis"):
                self.stores.append(redis.start())
            self.values["REDIS_URL"] = redis.url

    def _start_postgres(self, saved, keys, reset):
        self.postgres = servers.Postgres(
            VAR,
            keys["POSTGRES_PASSWORD"],
            LOGS / "postgres.log",
            port=port_of(saved.get("DATABASE_URL")),
        )
        if reset:
            servers.clear_leftover(self.postgres.data)
            shutil.rmtree(self.postgres.data, ignore_errors=True)
        if self.postgres.exists():
            if not saved.get("FIELD_KEYS"):
                raise Stop(
                    "var/local.env with the keys of the local database is gone: put it back, or "
                    "run `make demo-reset` to start afresh."
                )
        else:
            stamps.forget("migrations")
            APPLIED.unlink(missing_ok=True)
            ANCHORS.unlink(missing_ok=True)
            with step(f"Making a database in {self.postgres.data}"):
                local_env.write(self.values)
                self.postgres.create()
        with step("Starting PostgreSQL"):
            self.stores.append(self.postgres.start())
        application, purge = keys["APPLICATION_PASSWORD"], keys["PURGE_PASSWORD"]
        self.postgres.keep_roles({servers.APPLICATION: application, servers.PURGE: purge})
        self.values["DATABASE_URL"] = self.postgres.url_of(servers.APPLICATION, application)
        self.values["DATABASE_OWNER_URL"] = self.postgres.url

    def prepare(self):
        """Bring database, translations, style sheets, static files and demo data up to date."""
        schema = stamps.project_files("migrations/*.py", "roles.py")
        mark = stamps.fingerprint(schema) + STAMP.read_text()
        if self.postgres is None or not stamps.is_current("migrations", mark):
            with step("Migrating the database"):
                if self.postgres and (other := migrations_of_another_version(self.values)):
                    raise Stop(
                        f"The local database was made by another version of the portal ({other[0]} "
                        "is not what it was): `make demo-reset` throws it away and makes a new one, "
                        "or go back to that version."
                    )
                self.manage("migrate", "--no-input", "--verbosity", "1")
            stamps.keep("migrations", mark)
            APPLIED.write_text(json.dumps(migrations_here()))
        assets.build()
        files = stamps.project_files("static/**/*", "settings/*.py")
        mark = stamps.fingerprint(files) + STAMP.read_text()
        manifest = ROOT / "staticfiles" / "staticfiles.json"
        if not stamps.is_current("static", mark, [manifest]):
            with step("Collecting the static files"):
                # Pages that stand open ask for the files they name while a version is taken over.
                clear = [] if self.children else ["--clear"]
                # The sources' own @import lines name no file that is served.
                self.manage("collectstatic", "--no-input", *clear, "-v", "0", "--ignore", "src")
            stamps.keep("static", mark)
        if is_empty(self.values["DATABASE_URL"]):
            with step("Filling the empty database with demo data"):
                self.manage("seed_demo")
            stamps.forget("demo_logins")

    def demo_logins(self):
        """The demo's accounts as `manage.py demo_logins` prints them; asked again after a change."""
        files = stamps.project_files("management/commands/*.py")
        mark = stamps.fingerprint(files) + self.values["DATABASE_URL"]
        log = LOGS / "demo_logins.log"
        if not stamps.is_current("demo_logins", mark, [log]):
            self.manage("demo_logins")
            stamps.keep("demo_logins", mark)
        return log.read_text("utf-8").rstrip()

    def reload_web(self):
        """Let the web server replace its workers by ones that load this version."""
        for child in self.children:
            if child.name == "web":
                child.process.send_signal(signal.SIGHUP)

    def restart_workers(self):
        """Stop Celery's worker and clock and start them with this version."""
        old = [child for child in self.children if child.name != "web"]
        self.children = [child for child in self.children if child.name == "web"]
        processes.stop(old, patience=STOP_SECONDS)
        self.start_workers()

    def start_web(self, host, port):
        """Start the web server."""
        address = {"WEB_HOST": host, "WEB_PORT": str(port), "WEB_WORKERS": "2"}
        self.launch("web", "liangjiang.server", "--reload", **address)

    def start_workers(self):
        """Start Celery's workers, that of files beside the general one, and its clock, beat."""
        self._start_worker("worker", "celery", 2)
        self._start_worker("imports", "imports,exports", 2)
        self.launch(
            "beat", "celery", "-A", "liangjiang", "beat", "--loglevel", "INFO",
            "--schedule", str(VAR / "celerybeat-schedule"), "--pidfile", "",
        )  # fmt: skip

    def _start_worker(self, name, queue, children):
        self.launch(
            name, "celery", "-A", "liangjiang", "worker", "--loglevel", "INFO",
            "--queues", queue, "--hostname", f"{name}@%h",
            "--concurrency", str(children), "--without-gossip", "--without-mingle",
        )  # fmt: skip

    def check_children(self):
        """Stop with one sentence when a part of the portal has ended."""
        for child in [*self.stores, *self.children]:
            if child.process.poll() is not None:
                raise _ended(child, "so everything is stopped")

    def keep_running(self):
        """Start again what has died of the portal's programs and say so.

        Stop with one sentence when one died too often, or when a server has ended.
        """
        now = time.monotonic()
        for child in self.stores:
            if child.process.poll() is not None:
                raise _ended(child, "so everything is stopped")
        for child in [one for one in self.children if one.process.poll() is not None]:
            pause = self.deaths.pause_after(child.name, now)
            if pause is None:
                raise _ended(child, "again and again, so everything is stopped")
            child.kill()  # what it has left behind
            self.children.remove(child)
            self.waiting[child.name] = now + pause
            code = processes.describe_exit(child.process.poll())
            line(
                f"{child.name} has stopped ({code}) and is started again in {pause} s; "
                f"its log is {child.log}"
            )
        for name in [name for name, due in self.waiting.items() if due <= now]:
            arguments, settings = self.programs[name]
            self.launch(name, *arguments, **settings)
            line(f"{name} is started again")

    def wait_until_ready(self, address):
        """Wait until `/readyz` answers 200."""
        deadline = time.monotonic() + READY_SECONDS
        last_answer = "no answer"
        while time.monotonic() < deadline:
            self.check_children()
            try:
                with urllib.request.urlopen(f"{address}readyz", timeout=5):  # noqa: S310
                    return
            except urllib.error.HTTPError as error:
                last_answer = f"{error.code} {error.read(300).decode('utf-8', 'replace')}"
            except OSError:
                pass
            time.sleep(0.05)
        raise Stop(
            f"{processes.tail(LOGS / 'web.log')}\n\nThe web server is not ready after "
            f"{READY_SECONDS} s ({last_answer}); the whole log is {LOGS / 'web.log'}."
        )

    def stop(self):
        """End everything: first the programs that use the servers, then the servers."""
        processes.stop(self.children, patience=STOP_SECONDS)
        processes.stop(self.stores, patience=STOP_SECONDS)


def _ended(child, what_follows):
    """Return the Stop that says which part of the portal has ended and how."""
    code = processes.describe_exit(child.process.poll())
    return Stop(
        f"{processes.tail(child.log)}\n\n{child.name} has stopped ({code}), {what_follows}; the whole log "
        f"is {child.log}."
    )


def port_of(url):
    """The port in an address, 0 when there is none: a restart keeps last time's where it can."""
    try:
        return urlsplit(url or "").port or 0
    except ValueError:
        return 0


def is_empty(url):
    """Whether the migrated database has no account yet."""
    import psycopg2

    with contextlib.closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_user)")
        return not cursor.fetchone()[0]


def migrations_here():
    """Return {"app.name": hash} of the portal's own migrations; comments and layout do not count."""
    return {
        f"{path.parent.parent.name}.{path.stem}": hashlib.sha256(
            ast.dump(ast.parse(path.read_text("utf-8"))).encode()
        ).hexdigest()
        for path in stamps.project_files("migrations/0*.py")
    }


def migrations_of_another_version(values):
    """Return "app.name" of migrations the local database went through that are gone or rewritten.

    Only the portal's own: a package's are looked after by the package.
    """
    import psycopg2

    current = migrations_here()
    owner = values.get("DATABASE_OWNER_URL") or values["DATABASE_URL"]
    with contextlib.closing(psycopg2.connect(owner)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []
        cursor.execute("SELECT app, app || '.' || name FROM django_migrations ORDER BY 2")
        applied = [name for app, name in cursor.fetchall() if (ROOT / app).is_dir()]
    recorded = json.loads(APPLIED.read_text()) if APPLIED.exists() else {}
    return [
        name
        for name in applied
        if current.get(name) != recorded.get(name, current.get(name, "gone"))
    ]


def interrupt(number, frame):
    """End the portal the same way for Ctrl-C, SIGTERM and a closed terminal."""
    raise KeyboardInterrupt


def ignore_signals():
    """Let nothing interrupt the stopping itself, which takes a few seconds at most."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def serve(portal, note, wanted, port):
    """Start the programs, say where everything is, and follow the files until something ends."""
    if port != wanted:
        line(f"  Port {wanted} is taken; using {port}")
    address = f"http://127.0.0.1:{port}/"
    portal.values["SITE_URL"] = address.rstrip("/")
    local_env.write(portal.values)
    portal.prepare()
    with step("Starting the web server"):
        portal.start_web(os.environ.get("BIND", "127.0.0.1"), port)
        logins = portal.demo_logins()
        portal.wait_until_ready(address)
    # After the web server, which would be ready later if all loaded the same code at once.
    portal.start_workers()
    note(f"{address}, process {os.getpid()}")
    line(f"\nReady: {address}\n")
    line(logins)
    line(f"\nMail and SMS land in {address}outbox/   Logs: var/log/   Stop: Ctrl-C")
    line("Python, templates and style sheets are loaded anew when they are saved")
    follow_files(portal)


def follow_files(portal):
    """Stay until a part of the portal is past help; reload what somebody changes meanwhile."""
    watch = reload.Watch()
    if sentence := reload.check(portal.env)[1]:
        line(sentence)
    while True:
        time.sleep(1)
        portal.keep_running()
        if paths := watch.changed():
            reload.follow(portal, paths)


def main():
    """Run the portal, or with `--reset` only make its local database anew."""
    reset = "--reset" in sys.argv[1:]
    # SIGINT too: a shell that starts us in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    portal = Portal()
    wanted = wanted_port(os.environ.get("PORT", ""))
    port, _holder = (0, None) if reset else hold_port(wanted)
    try:
        with only_one() as note:
            try:
                portal.start_servers(reset=reset)
                if reset:
                    local_env.write(portal.values)
                    portal.prepare()
                    line("  The local database is new; `make run` starts the portal")
                    return 0
                serve(portal, note, wanted, port)
            except KeyboardInterrupt:
                ignore_signals()
                line("")
                return 0 if portal.children else 130
            finally:
                ignore_signals()
                if portal.stores:
                    with step("Stopping"):
                        portal.stop()
    except PermissionError as error:
        raise Stop(
            f"{error.filename or VAR} belongs to another user: run as that user, or remove var."
        ) from error


if __name__ == "__main__":
    run(main)
