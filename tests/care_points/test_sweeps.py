"""Sweeps: one row that fails stops none, is tried five times and waits for somebody; the sweep says it failed."""

from datetime import UTC, datetime, timedelta

import pytest

from care_points import operations, tasks
from care_points.models import PointsAccount, Redemption
from kernel.errors import Conflict
from kernel.sweeps import MOST_FAILURES, SweepFailed
from notices.models import Notice
from privacy.models import AuditEntry
from tests import factories
from tests.care_points import make

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def vouchers():
    """Return three overdue vouchers; the second cannot be ended: the key of its return is taken."""
    service = make.service()
    women = [factories.talent() for _ in range(3)]
    for woman in women:
        make.give(woman, 30, now=LONG_AGO)
    rows = [make.redeem(woman, service, now=LONG_AGO) for woman in women]
    make.give(women[1], 1, now=LONG_AGO, key=f"return:{rows[1].pk}")
    return rows


def states():
    return list(Redemption.objects.order_by("pk").values_list("state", "sweep_failures"))


def test_a_row_that_fails_stops_no_other_is_tried_five_times_and_then_set_aside(vouchers, caplog):
    broken = vouchers[1]
    for failures in range(1, MOST_FAILURES + 1):
        with pytest.raises(
            SweepFailed, match=f"^expire_redemption: 1 of {3 if failures == 1 else 1}"
        ):
            tasks.expire_redemptions()
        assert states() == [("expired", 0), ("reserved", failures), ("expired", 0)]
    errors = {record.getMessage() for record in caplog.records if record.levelname == "ERROR"}
    assert errors == {
        f"expire_redemption failed for care_points.redemption {broken.pk}: IntegrityError"
    }
    assert tasks.expire_redemptions() is None
    assert states()[1] == ("reserved", MOST_FAILURES)
    ended = Notice.objects.filter(kind="care_points.redemption_expired")
    assert ended.count() == 2


def test_what_is_set_aside_stands_in_the_work_queue_until_a_clerk_says_again(
    vouchers, client, settings
):
    settings.STAFF_SECOND_FACTOR = False
    broken, clerk = vouchers[1], factories.staff("points_clerk")
    for _ in range(MOST_FAILURES):
        with pytest.raises(SweepFailed):
            tasks.expire_redemptions()
    client.force_login(clerk)
    address = "/admin/care_points/redemption/?sweep=set_aside"
    assert address in client.get("/admin/").content.decode()
    shown = client.get(address).context["cl"].result_list
    assert list(shown) == [broken]
    again = {"action": "try_again", "_selected_action": broken.pk}
    assert (
        "1 条将在下次自动处理时重试。" in client.post(address, again, follow=True).content.decode()
    )
    assert states()[1] == ("reserved", 0)
    with pytest.raises(Conflict) as refusal:
        operations.try_again(row=broken, by=clerk, now=LONG_AGO)
    assert refusal.value.code == "not_set_aside"
    assert AuditEntry.objects.filter(action="care_points.try_again").count() == 1


def test_an_account_that_fails_is_set_aside_as_well():
    women = [factories.talent() for _ in range(2)]
    for woman in women:
        make.give(woman, 30, now=LONG_AGO)
    first = women[0].points_account
    newest = first.entries.latest("pk").pk
    make.give(women[1], 1, now=LONG_AGO, key=f"expiry:{first.pk}:{newest}")
    for failures in range(1, MOST_FAILURES + 1):
        with pytest.raises(SweepFailed, match=r"^expire_points: 1 of "):
            tasks.expire_points()
        first.refresh_from_db()
        assert (first.balance, first.sweep_failures) == (30, failures)
    assert tasks.expire_points() is None
    assert list(PointsAccount.objects.set_aside()) == [first]
    assert make.balance(women[1]) == 0


def test_a_sweep_of_points_may_run_as_often_as_it_likes():
    talent = factories.talent()
    make.give(talent, 30, now=LONG_AGO)
    make.give(talent, 10, now=datetime.now(UTC) - timedelta(days=1))
    for _ in range(3):
        tasks.expire_points()
        assert make.balance(talent) == 10
