"""What is nobody's fault and passes: a database that is gone or full, a full disk, Redis away, a deadlock.

Told from errors of the portal itself by their codes (SQLSTATE, errno), never by their words.
"""

import errno

from django.db import InterfaceError, OperationalError
from redis import RedisError

# SQLSTATE classes: connection lost, out of disk, memory or connections, stopped by an operator
# (57014, a statement cancelled for taking too long, is a fault of ours), a fault of the disk.
GONE = ("08", "53", "57P", "58")
DEADLOCK = ("40P01", "40001")  # a deadlock, a serialization failure: the same again succeeds
FULL = {errno.ENOSPC, errno.EDQUOT}


def _database_code(error):
    """Return the SQLSTATE of a database error; "" where there is none, because nobody answered."""
    return getattr(error.__cause__, "pgcode", None) or ""


def is_outage(error):
    """Tell whether `error` says that a part the portal stands on is away or full for now."""
    if isinstance(error, RedisError | InterfaceError):
        return True
    if isinstance(error, OperationalError):
        code = _database_code(error)
        return not code or code.startswith(GONE)
    return isinstance(error, OSError) and error.errno in FULL


def is_deadlock(error):
    """Tell whether `error` says that two transactions waited for each other and this one gave way."""
    return isinstance(error, OperationalError) and _database_code(error) in DEADLOCK


def once_more(act, *args, **kwargs):
    """Call act(...), a whole transaction; a second time where the first fell to a deadlock. Returns its result."""
    try:
        return act(*args, **kwargs)
    except OperationalError as error:
        if not is_deadlock(error):
            raise
    return act(*args, **kwargs)
