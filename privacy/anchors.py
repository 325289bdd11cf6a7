"""The head of the audit chain, noted outside the database each time the chain grows.

Whoever can cut the table can also link anew what is left: the chain then agrees with itself, and only
a head noted elsewhere tells. It is noted in two places: a file that is only ever appended to, which
the web process cannot write (a volume of its own), and the log, which the engine carries away.
"""

import logging
import os
import re

from django.conf import settings

logger = logging.getLogger(__name__)
LINE = re.compile(r"(\S+) (\d+) ([0-9a-f]{64})\n")


def note(entry_id, digest, *, at):
    """Write down that the chain ended with this entry and digest at the moment `at`."""
    logger.info("audit chain: entry %s, head %s", entry_id, digest)
    if settings.AUDIT_ANCHORS is None:
        return
    settings.AUDIT_ANCHORS.parent.mkdir(parents=True, exist_ok=True)
    with settings.AUDIT_ANCHORS.open("a", encoding="ascii") as lines:
        lines.write(f"{at.isoformat(timespec='seconds')} {entry_id} {digest}\n")
        lines.flush()
        os.fsync(lines.fileno())


def noted():
    """Return an iterator over the (entry id, digest) that were noted until now, in rising order.

    A line cut short by a full disk is passed over, and so is one two workers wrote out of turn.
    """
    path = settings.AUDIT_ANCHORS
    size = path.stat().st_size if path and path.exists() else 0
    return _read(path, size)


def _read(path, size):
    newest = 0
    if not size:
        return
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            size -= len(line)
            if size < 0:
                return
            if (match := LINE.fullmatch(line)) and int(match[2]) > newest:
                newest = int(match[2])
                yield newest, match[3]
