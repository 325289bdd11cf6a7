"""The database as an earlier run migrated it: where no migration changed, it is put back instead of made again.

Migrating takes twenty seconds of every run, putting back two. What Django does after migrating (rights, roles,
reference rows) it does each time.
"""

import contextlib
import fcntl
import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg2
from psycopg2 import sql

from tools import servers
from tools.bootstrap import ROOT

# Also what writes rows after migrating where there are none; roles and rights are written anew each time.
MADE_OF = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "requirements/dev.txt",
    "care_points/starting_rules.py",
)


def digest(version):
    """Return what tells one migrated database from another, as 32 hexadecimal digits."""
    found = hashlib.sha256(str(version).encode())
    files = {path for pattern in MADE_OF for path in ROOT.glob(pattern)}
    for path in sorted(files):
        if ".venv" not in path.parts:
            found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return found.hexdigest()[:32]


@dataclass
class Kept:
    """The kept copy in `folder` for the database called `name`; `settings` are Django's of the connection to its server."""

    folder: Path
    name: str
    settings: dict
    turn: object = None  # the open file whose lock it is

    def __post_init__(self):
        self.programs, version = servers.find_postgres()
        self.file = self.folder / f"{digest(version)}.dump"

    def take_turn(self):
        """Wait while another worker migrates and keeps its copy, so that it is done once and not by each.

        Whoever finds no copy then holds the turn until `keep`; one that is killed leaves no lock behind.
        """
        turn = (self.folder / "turn").open("a")
        fcntl.flock(turn, fcntl.LOCK_EX)
        if self.file.exists():
            turn.close()
        else:
            self.turn = turn

    def put_back(self, *, anew=False):
        """Make the database from the copy; nothing where there is none, or where the database exists.

        With `anew` one that exists is thrown away first.
        """
        if anew:
            self._ask(sql.SQL("DROP DATABASE IF EXISTS {}"))
        if self.file.exists() and self._create() and not self.fill():
            self.file.unlink(missing_ok=True)
            self._ask(sql.SQL("DROP DATABASE {}"))

    def fill(self):
        """Write the copy into the database, which is empty; tells whether it went well."""
        return self._run("pg_restore", "--no-owner", "--exit-on-error", "-d", self.name, self.file)

    def keep(self):
        """Write the copy, where there is none yet; older ones are thrown away."""
        if not self.file.exists():
            self._write()
        if self.turn:
            self.turn.close()
            self.turn = None

    def _write(self):
        half = self.file.with_suffix(f".{os.getpid()}")
        if self._run("pg_dump", "--format=custom", "--file", half, self.name):
            for older in self.folder.glob("*.dump"):
                older.unlink(missing_ok=True)
            half.rename(self.file)
        half.unlink(missing_ok=True)

    def _run(self, program, *arguments):
        """Run one of PostgreSQL's programs; tells whether it went well."""
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        given = {name: str(self.settings[key]) for name, key in names.items() if self.settings[key]}
        command = [self.programs / program, *arguments]
        try:
            done = subprocess.run(command, env=os.environ | given, capture_output=True, check=False)
        except FileNotFoundError:  # a server's package without the clients'
            return False
        return done.returncode == 0

    def _create(self):
        try:
            self._ask(sql.SQL("CREATE DATABASE {}"))
        except psycopg2.errors.DuplicateDatabase:
            return False
        return True

    def _ask(self, statement):
        names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
        given = {name: self.settings[key] for name, key in names.items() if self.settings[key]}
        with contextlib.closing(psycopg2.connect(dbname="postgres", **given)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement.format(sql.Identifier(self.name)))
