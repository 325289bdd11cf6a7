"""Who was erased, noted outside the database, and erased again after a backup from before was restored.

A line holds when, and the keys of account and record, no names and no codes; the database it was written from no longer
knows whose they were. Keys are given anew after a restore: a row made after its line was written is somebody else's.
"""

import logging
import os
import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from kernel import outages
from talents.erasure import operations
from talents.erasure.models import Erasure, ErasureState, Ground
from talents.models import Talent

logger = logging.getLogger(__name__)
LINE = re.compile(r"(\S+) (\d+|-) (\d+|-)")


@dataclass(frozen=True)
class Erased:
    """One line: when somebody was erased, and the keys of her account and record (None where she had none)."""

    at: datetime
    user: int | None
    talent: int | None

    def __str__(self):
        return f"{self.at.isoformat()} {self.user or '-'} {self.talent or '-'}"


def note_done():
    """Append those who were erased and are not noted yet; returns how many. Safe to repeat, after a kill as well."""
    path = settings.ERASURE_LIST
    if path is None:
        return 0
    done = Erasure.objects.filter(state=ErasureState.DONE).order_by("pk")
    lines = [str(Erased(*row)) for row in done.values_list("ended_at", "user", "talent")]
    known = {str(one) for one in noted(path)}
    new = [line for line in lines if line not in known]
    if new:
        _append(path, new)
    return len(new)


def _append(path, lines):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as out:
        # A line cut short by a full disk stays alone.
        out.write("".join(f"\n{line}" for line in lines) + "\n")
        out.flush()
        os.fsync(out.fileno())


def noted(path):
    """Return the Erased of a file in its order; a line that is none is passed over."""
    text = path.read_text("ascii", "replace") if path.exists() else ""
    matches = (LINE.fullmatch(line) for line in text.splitlines())
    return [_erased(*match.groups()) for match in matches if match]


def _erased(at, user, talent):
    return Erased(
        datetime.fromisoformat(at),
        None if user == "-" else int(user),
        None if talent == "-" else int(talent),
    )


@dataclass
class Replayed:
    """What a replay found: `again` erased anew, `still` erased in the backup as well, `absent` not in it, `failed`."""

    again: int = 0
    still: int = 0
    absent: int = 0
    failed: int = 0


def replay(path, *, now, dry=False):
    """Erase everybody again who is noted in a file and not erased in this database; returns a Replayed.

    One that fails stops no other and waits for the sweep, which tries it again. `dry` only counts.
    """
    found = Replayed()
    for erased in noted(path):
        outcome = _again(erased, now, dry)
        setattr(found, outcome, getattr(found, outcome) + 1)
    return found


def _again(erased, now, dry):
    user = User.objects.filter(pk=erased.user, date_joined__lte=erased.at).first()
    talent = Talent.objects.filter(pk=erased.talent, created_at__lte=erased.at).first()
    if user is None and talent is None:
        return "absent"
    if _is_erased(user, talent):
        return "still"
    return "again" if dry or _erase(user, talent, now) else "failed"


def _is_erased(user, talent):
    same = Erasure.objects.filter(state=ErasureState.DONE)
    return same.filter(user=user, talent=talent).exists()


def _erase(user, talent, now):
    try:
        operations.erase(erasure=_due(user, talent, now), now=now)
    except Exception as error:
        if outages.is_outage(error):
            raise
        logger.error("erasing account %s again failed: %s", user and user.pk, type(error).__name__)
        return False
    return True


@transaction.atomic
def _due(user, talent, now):
    """Return her Erasure, due now: the one that waits in the backup, else a new one."""
    same = Q(user=user) if user else Q(talent=talent)
    waiting = Erasure.objects.waiting().filter(same).first()
    if waiting is None:
        return Erasure.objects.create(
            user=user, talent=talent, ground=Ground.RESTORED, asked_at=now, due_at=now
        )
    waiting.due_at, waiting.sweep_failures = min(waiting.due_at, now), 0
    if (
        talent and talent != waiting.talent
    ):  # what became hers after the backup stands in the line alone
        waiting.talent, waiting.ground = talent, Ground.RESTORED
    waiting.save(update_fields=["due_at", "sweep_failures", "talent", "ground"])
    return waiting
