"""Configuration values: from the environment, else from the file `make run` writes (read by environs).

`var/local.env` (lines `NAME=value`) is read only when `PORTAL_ENV` is not set in the environment or
is `development`, so a production process never picks up a developer's keys by accident. A value in
the environment always wins over the file, and an empty one counts as not set: docker-compose passes
one for everything an operator left out.

Nothing here raises at once: what is missing or malformed is noted, a harmless empty value is
returned, and `check()` at the end of the settings raises one sentence that names all of it. An
operator who starts the portal with four secrets missing reads about the four, not about the first.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvValidationError

MISSING = ...  # environs' own word for "there is no default"
LOCAL_FILE = Path(__file__).resolve().parent.parent / "var" / "local.env"
PLACEHOLDER = "change-me"
NOT_SET = "Environment variable not set."


class Reader(Env):
    """Reads values by name; `environ` maps names to strings, `local_file` is the developer's file."""

    def __init__(self, environ, local_file):
        super().__init__(eager=False)
        self.given = environ
        if environ.get("PORTAL_ENV", "development") == "development":
            self.read_env(local_file, recurse=False)

    def _get_value(self, env_key, default):
        return self.given.get(env_key) or self._environ.get(env_key) or default

    def text(self, name, default=MISSING):
        """Return the value as a string; `default` when it is not set."""
        return _harmless(self.str(name, default), "", default)

    def secret(self, name, default=MISSING):
        """Like `text`, but a placeholder copied from `.env.example` counts as not set.

        Also inside an address: docker-compose puts the passwords of database and Redis there.
        """
        value = self.text(name, default)
        if isinstance(value, str) and PLACEHOLDER in value:
            self._errors[name].append(NOT_SET)
            return ""
        return value

    def flag(self, name, default=MISSING):
        """Return the value as a bool: 1/true/yes/on or 0/false/no/off in any case."""
        return _harmless(self.bool(name, default), False, default)

    def number(self, name, default=MISSING):
        """Return the value as an int."""
        return _harmless(self.int(name, default), 0, default)

    def listing(self, name, default=MISSING):
        """Return the value as a list of strings: separated by commas, blanks around them dropped."""
        parts = _harmless(self.list(name, default), [], default)
        return [stripped for part in parts if (stripped := part.strip())]

    def refuse(self, name, why):
        """Note that the value of `name` cannot be used; `why` completes "NAME is …"."""
        self._errors[name].append(why)

    def check(self):
        """Raise ImproperlyConfigured with one sentence when anything was missing or malformed."""
        noted = self._errors
        try:
            self.seal()
        except EnvValidationError as error:
            raise ImproperlyConfigured(_sentence(error.error_messages)) from None
        finally:
            self._sealed = False  # a gateway reads its own values when it is first used
            self._errors = noted  # manage.py loads settings that were refused again: the same sentence, not a KeyError


def _harmless(value, instead, default):
    """Return what the settings can go on with where environs has noted an error and returned None."""
    return instead if value is None and default is not None else value


def _sentence(messages):
    missing = [name for name, notes in messages.items() if NOT_SET in notes]
    malformed = [
        f"{name} is {notes[0][0].lower()}{notes[0][1:].rstrip('.')}"
        for name, notes in messages.items()
        if NOT_SET not in notes
    ]
    verb = "is" if len(missing) == 1 else "are"
    parts = [f"{', '.join(missing)} {verb} not set"] if missing else []
    return (
        f"The portal does not start: {'; '.join(parts + malformed)}. Set it in the environment "
        "(docs/operations/README.md lists every variable), or use `make run` on a "
        "developer's machine."
    )


_reader = Reader(os.environ, LOCAL_FILE)
text = _reader.text
secret = _reader.secret
flag = _reader.flag
number = _reader.number
listing = _reader.listing
refuse = _reader.refuse
check = _reader.check
