"""Two clerks at once: an honour is revoked once, and granted once."""

import pytest

from care_points.models import PointsAccount
from honours import operations
from honours.models import Award
from honours.operations import awarding
from privacy.models import AuditEntry
from tests.honours import make
from tests.waits import beside

NOW = make.NOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_lock", [True, False])
def test_two_who_revoke_at_once_revoke_once(with_lock, monkeypatch):
    """The control reads the award without its lock: both believe that it stands, and it is revoked twice."""
    award = make.award()
    if not with_lock:
        rows = Award.objects.select_related("honour", "talent__user", "department", "earned__rule")
        monkeypatch.setattr(
            awarding, "locked_award", lambda award, by, permission: rows.get(pk=award.pk)
        )

    def revoke():
        operations.revoke_award(award=award, reason="经核实材料有误", by=None, now=NOW)

    beside(revoke, revoke)
    revoked = AuditEntry.objects.filter(action="honours.revoke_award").count()
    assert revoked == (1 if with_lock else 2)
    assert (make.only().turns, PointsAccount.objects.look_up(award.talent).balance) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_register_the_same_honour_at_once_register_one():
    """Nobody holds a lock that is not there yet: the constraint decides, and the second reads a sentence."""
    talent = make.award().talent
    given = {
        "talent": talent,
        "honour": make.honour(make.CITY),
        "values": make.facts(talent),
        "by": None,
        "now": NOW,
    }

    def grant():
        operations.grant_award(**given)

    assert beside(grant, grant) == "award_twice"
    assert Award.objects.filter(honour__code=make.CITY).count() == 1
    assert PointsAccount.objects.look_up(talent).balance == 300
