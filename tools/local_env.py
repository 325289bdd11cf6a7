"""`var/local.env`: what a developer's processes read when the environment names nothing.

Keys are made once and kept; addresses are written at each start; lines the developer added stay.
"""

import os
import secrets

from tools.bootstrap import ROOT

PATH = ROOT / "var" / "local.env"
HEADER = "# Written by `make run` for this machine only; add your own settings below, they stay."
MAKERS = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(48),
    "FIELD_KEYS": lambda: "k1:" + secrets.token_hex(16),
    "INDEX_KEY": lambda: secrets.token_hex(32),
    "POSTGRES_PASSWORD": lambda: secrets.token_hex(16),
    "APPLICATION_PASSWORD": lambda: secrets.token_hex(16),
    "PURGE_PASSWORD": lambda: secrets.token_hex(16),
    "REDIS_PASSWORD": lambda: secrets.token_hex(16),
}


def parse(text):
    """The `NAME=value` lines of a text as a dict."""
    pairs = (line.partition("=") for line in text.splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def merged(text, values):
    """The text with each of `values` set: in its place where the name is there, else at the end."""
    left = dict(values)
    lines = []
    for line in text.splitlines() or [HEADER]:
        name = line.partition("=")[0].strip()
        if name in values and not line.startswith("#"):
            if name in left:
                lines.append(f"{name}={left.pop(name)}")
        else:
            lines.append(line)
    lines += [f"{name}={value}" for name, value in left.items()]
    return "\n".join(lines) + "\n"


def read():
    """The file's text; empty when there is none."""
    return PATH.read_text("utf-8") if PATH.exists() else ""


def keys(values):
    """The kept keys and passwords of `values`, with new ones for those that are missing."""
    return {name: values.get(name) or make() for name, make in MAKERS.items()}


def write(values):
    """Set `values` in the file, readable by its owner alone."""
    PATH.parent.mkdir(parents=True, exist_ok=True)
    half = PATH.with_suffix(".half")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        output.write(merged(read(), values))
    os.replace(half, PATH)
