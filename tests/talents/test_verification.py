"""Two clerks at once: one decides, the other is told; a record goes to another department."""

import threading

import pytest
from django.db import connection, connections

from kernel.errors import DomainError
from notices.models import Notice
from privacy.models import AuditEntry
from talents import operations
from talents.models import Talent
from talents.operations import decisions
from tests import factories
from tests.factories import NOW


def decide_together(decisions):
    """Run callables in threads with connections of their own, started together; their answers."""
    barrier, answers = threading.Barrier(len(decisions)), [None] * len(decisions)

    def run(index, decision):
        try:
            barrier.wait(10)
            answers[index] = decision().state
        except DomainError as error:
            answers[index] = error.code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(decisions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("locked", "both"), [(True, False), (False, True)])
def test_two_clerks_at_once(locked, both, monkeypatch):
    """With the lock left out both believe they have decided: the control."""
    if not locked:
        unlocked = threading.Barrier(2)

        def take_up(talent, by, seen):
            talent = Talent.objects.get(pk=talent.pk)
            if talent.state != "submitted":
                raise AssertionError
            unlocked.wait(10)
            return talent

        monkeypatch.setattr(decisions, "_take_up", take_up)
    rounds = 1 if both else 10
    for _ in range(rounds):
        talent = factories.talent(state="submitted", submitted_at=NOW)
        clerks = [factories.staff("department_clerk") for _ in range(2)]
        answers = decide_together(
            [
                lambda c=clerks, t=talent: operations.verify(talent=t, tier="", by=c[0], now=NOW),
                lambda c=clerks, t=talent: operations.return_with_reason(
                    talent=t, reason="请补充职称", by=c[1], now=NOW
                ),
            ]
        )
        assert ("already_handled" not in answers) == both
        assert Notice.objects.filter(recipient=talent.user).count() == (2 if both else 1)
    assert connection.vendor == "postgresql"


@pytest.mark.django_db
def test_a_record_is_handed_to_another_department_and_leaves_the_clerks_sight(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    clerk = factories.staff("department_clerk")
    other = factories.staff("department_clerk", department_code="science_innovation")
    outsider = factories.staff("department_clerk", department_code="trade_union")
    talent = factories.talent(state="submitted", submitted_at=NOW)
    page = f"/admin/talents/talent/{talent.pk}/hand-over/"
    bureau = factories.department("science_innovation")
    client.force_login(outsider)
    assert client.post(page, {"department": bureau.pk}).status_code in (302, 404)
    talent.refresh_from_db()
    assert talent.department.code == "women_federation"
    client.force_login(clerk)
    assert client.post(page, {"department": ""}).status_code == 422
    assert client.post(page, {"department": bureau.pk}).status_code == 302
    talent.refresh_from_db()
    assert talent.department == bureau
    assert list(Talent.objects.visible_to(clerk)) == []
    assert list(Talent.objects.visible_to(other)) == [talent]
    entry = AuditEntry.objects.get(action="talents.hand_over")
    assert (entry.actor_id, entry.detail["new"]) == (clerk.pk, bureau.pk)
