"""Women who may be asked, and times they were."""

from itertools import count

from accounts.models import Unit
from kernel import portal
from talents.asking import operations
from tests import factories
from tests.factories import NOW

_numbers = count(1)
OTHERS = "science_innovation"


def woman(*, asked_at=None, **fields):
    """Return a woman in the database who agreed to it, whom nobody asked yet (or at a moment)."""
    talent = factories.talent(**fields)
    if talent.user:
        factories.consent(talent.user, "talent_database")
    if asked_at:
        talent.asked_at = asked_at
        talent.save(update_fields=["asked_at"])
    talent.refresh_from_db()
    return talent


def invitation():
    """Return a row that stands for an app's invitation."""
    return Unit.objects.create(name=f"邀请{next(_numbers)}", kind="enterprise")


def ask(talent, *, kind="talk", row=None, now=NOW, department=None):
    """Ask a woman for something, as an app does."""
    return operations.ask(
        invitation=row or invitation(),
        talent=talent,
        kind=kind,
        department=department or talent.department,
        now=now,
    )


def wish(talent, now=NOW, **said):
    """Say what she may be asked for."""
    said = {"chosen": ["talk"], "most_a_quarter": 3, "not_before": None, "others": False} | said
    return operations.save_wish(talent=talent, by=talent.user, now=now, **said)


def another_kind(code="survey"):
    """Let one more app ask for something inside the block."""
    return portal.declared(
        "test", portal.Declaration(asks={code: portal.Ask("问卷", "profile_review")})
    )
