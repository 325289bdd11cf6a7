"""Configuration values: from the environment, else from the file `make run` writes.

`var/local.env` (lines `NAME=value`) is read only when `PORTAL_ENV` is not set in the environment or
is `development`, so a production process never picks up a developer's keys by accident. A value in
the environment always wins over the file.

Nothing here raises at once: what is missing or malformed is noted, a harmless empty value is
returned, and `check()` at the end of the settings raises one sentence that names all of it. An
operator who starts the portal with four secrets missing reads about the four, not about the first.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MISSING = object()
LOCAL_FILE = Path(__file__).resolve().parent.parent / "var" / "local.env"
PLACEHOLDER = "change-me"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


def read_file(path):
    """The `NAME=value` lines of a file as a dict; empty for a file that is not there.

    Blank lines and lines starting with `#` are skipped; a value may stand in double quotes.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return {}
    values = {}
    for line in lines:
        name, sign, value = line.strip().partition("=")
        if sign and not name.startswith("#"):
            value = value.strip()
            if len(value) >= 2 and value[0] == value[-1] == '"':
                value = value[1:-1]
            values[name.strip()] = value
    return values


class Reader:
    """Reads values by name and remembers what was missing or could not be understood.

    `environ` is a mapping of names to strings; `local_file` the path of the developer's file.
    """

    def __init__(self, environ, local_file):
        self.environ = environ
        self.missing = []
        self.malformed = []
        local = environ.get("PORTAL_ENV", "development") == "development"
        self.local = read_file(local_file) if local else {}

    def text(self, name, default=MISSING):
        """The value as a string; `default` when it is not set or empty."""
        value = self.environ.get(name) or self.local.get(name)
        if value:
            return value
        if default is MISSING:
            self.missing.append(name)
            return ""
        return default

    def secret(self, name, default=MISSING):
        """Like `text`, but a placeholder copied from `.env.example` counts as not set.

        Also inside an address: docker-compose puts the passwords of database and Redis there.
        """
        value = self.text(name, default)
        if isinstance(value, str) and PLACEHOLDER in value:
            self.missing.append(name)
            return ""
        return value

    def flag(self, name, default=MISSING):
        """The value as a bool: 1/true/yes/on or 0/false/no/off in any case."""
        value = self.text(name, default)
        if not isinstance(value, str):
            return value
        if value.lower() not in TRUE | FALSE:
            self.malformed.append(f"{name} must be 1 or 0")
        return value.lower() in TRUE

    def number(self, name, default=MISSING):
        """The value as an int."""
        value = self.text(name, default)
        if not isinstance(value, str):
            return value
        try:
            return int(value or 0)
        except ValueError:
            self.malformed.append(f"{name} must be a whole number")
            return 0

    def listing(self, name, default=MISSING):
        """The value as a list of strings: separated by commas, blanks around them dropped."""
        value = self.text(name, default)
        if not isinstance(value, str):
            return value
        return [part.strip() for part in value.split(",") if part.strip()]

    def check(self):
        """Raise ImproperlyConfigured with one sentence when anything was missing or malformed."""
        parts = []
        if self.missing:
            names = ", ".join(dict.fromkeys(self.missing))
            verb = "is" if len(set(self.missing)) == 1 else "are"
            parts.append(f"{names} {verb} not set")
        parts += dict.fromkeys(self.malformed)
        if parts:
            raise ImproperlyConfigured(
                f"The portal does not start: {'; '.join(parts)}. Set it in the environment "
                "(docs/operations/README.md lists every variable), or use `make run` on a "
                "developer's machine."
            )


_reader = Reader(os.environ, LOCAL_FILE)
text = _reader.text
secret = _reader.secret
flag = _reader.flag
number = _reader.number
listing = _reader.listing
check = _reader.check
