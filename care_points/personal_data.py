"""What the app holds about one woman: her points, what moved them, her vouchers and volunteer hours."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from care_points import campaigns, ledger
from care_points.models import (
    AccountKind,
    Appointment,
    Entry,
    HoursCertificate,
    HoursState,
    PointsAccount,
    PrivateCase,
    Provider,
    Redemption,
    RedemptionState,
    ServiceHours,
    TransferKind,
    UnspentAnswer,
)
from care_points.models.cases import key_of
from care_points.operations import cancel_redemption, cases
from kernel import ids
from kernel.portal import Group
from privacy import crypto

COVERS = (
    "care_points.PointsAccount.talent",
    "care_points.Redemption.talent",
    "care_points.ServiceHours.talent",
    "care_points.HoursCertificate.talent",
    "care_points.UnspentAnswer.talent",
    "care_points.CareStation_operators.user",
    "care_points.CareStation.operators",
    "care_points.Provider.user",
)


def collect(user):
    """Return her account, every entry of it, her vouchers and her hours."""
    entries = Entry.objects.filter(account__talent__user=user).select_related("transfer__rule")
    vouchers = Redemption.objects.of(user).select_related("station")
    return [
        Group(_("积分账户"), PointsAccount.objects.filter(talent__user=user), ("code", "balance")),
        Group(
            pgettext_lazy("many", "积分分录"),
            entries.order_by("pk"),
            (
                ("moved_at", _("时间")),
                ("moved_by", _("种类")),
                ("moved_for", _("事由")),
                "amount",
                "balance_after",
            ),
        ),
        Group(
            pgettext_lazy("many", "兑换记录"),
            vouchers.order_by("pk"),
            (
                "code",
                "station",  # the file may be read by others: her voucher's page alone names the service
                "cost",
                "state",
                "made_at",
                "expires_at",
                "fulfilled_at",
                "ended_at",
            ),
        ),
        Group(
            pgettext_lazy("many", "预约"),
            Appointment.objects.filter(redemption__talent__user=user)
            .select_related("redemption")
            .order_by("pk"),
            ("redemption", "starts_at", "ends_at", "held"),
        ),
        Group(
            pgettext_lazy("many", "预约"),  # times chosen afterwards, under the same words
            _times_chosen(user),
            ("starts_at", "ends_at", "held"),
        ),
        Group(
            _("服务提供者"),
            Provider.objects.filter(user=user).select_related("station").order_by("pk"),
            ("station", "name", "credentials", "vetted_until"),
        ),
        Group(
            _("志愿服务时长"),
            ServiceHours.objects.filter(talent__user=user).order_by("pk"),
            (
                "activity",
                "starts_at",
                "ends_at",
                "state",
                "source",
                "change_reason",
                "reason",
                "recorded_at",
                "decided_at",
            ),
        ),
        Group(
            pgettext_lazy("many", "志愿服务证书"),
            HoursCertificate.objects.of_woman(user),
            ("code", "name", "from_on", "until_on", "half_hours", "issued_at", "revoked_at"),
        ),
        Group(
            _("积分为何未用的回答"),
            UnspentAnswer.objects.filter(talent__user=user),
            ("answer", "at"),
        ),
    ]


def _times_chosen(user):
    """Return the cases behind her vouchers; nothing in them but the time is handed out."""
    digests = [
        crypto.blind_index("voucher", key_of(voucher)) for voucher in Redemption.objects.of(user)
    ]
    return PrivateCase.objects.filter(voucher_index__in=digests)


def lost(person, now):
    """Say that points and vouchers are gone, and that the ledger keeps its sums."""
    accounts = PointsAccount.objects.filter(talent__in=person.records)
    points = sum(accounts.values_list("balance", flat=True))
    if not accounts:
        return []
    sentence = ngettext(
        "%(n)s 积分和未使用的兑换码作废。", "%(n)s 积分和未使用的兑换码作废。", points
    )
    return [sentence % {"n": points}, gettext("积分流水只留数字，不再能对应到您。")]


def erase(person, now):
    """Void what she has left; keep what moved as numbers under new codes."""
    if person.user:
        campaigns.turns_of(person.user).delete()
        person.user.care_stations.clear()
        person.user.provides.update(user=None)
    return sum(_empty(record, now) for record in person.records)


def _empty(record, now):
    account = PointsAccount.objects.filter(talent=record).first()
    if account:
        ledger.lock_account(record)
        _void(record, account, now)
    vouchers = list(Redemption.objects.filter(talent=record).order_by("pk"))
    for voucher in vouchers:
        voucher.code, voucher.idempotency_key = ids.code(), ids.code(20)
        cases.destroy_links(PrivateCase.objects.of_voucher(voucher))
        voucher.sealed_service = None
    Redemption.objects.bulk_update(vouchers, ["code", "idempotency_key", "sealed_service"])
    UnspentAnswer.objects.filter(talent=record).delete()
    hours = ServiceHours.objects.filter(talent=record)
    hours.exclude(reason="").update(reason="—")
    hours.exclude(change_reason="").update(change_reason="—")
    hours.filter(state=HoursState.RECORDED).delete()  # nobody will confirm them
    named = HoursCertificate.objects.filter(talent=record)
    named.update(talent=None, name="", name_en="", activities=[], revoke_reason="")
    return len(vouchers) + hours.update(activity="—") + bool(account)


def _void(record, account, now):
    """Cancel what was not used, take the rest of her points off, give the account another code."""
    unused = Redemption.objects.filter(talent=record, state=RedemptionState.RESERVED)
    for voucher in unused.order_by("pk"):
        cancel_redemption(redemption=voucher, by=None, now=now)
    account.refresh_from_db()
    if account.balance:
        gone = PointsAccount.objects.system(AccountKind.EXPIRED)
        ledger.post(
            kind=TransferKind.EXPIRED,
            key=f"erasure:{account.pk}",
            moves=[(account, -account.balance), (gone, account.balance)],
            by=None,
            at=now,
        )
    PointsAccount.objects.filter(pk=account.pk).update(code=ids.code())


def old_accounts(before):
    """Return accounts without points that nothing has moved for so long."""
    newer = Entry.objects.filter(account=OuterRef("pk"), transfer__at__gte=before)
    accounts = PointsAccount.objects.filter(talent__isnull=False, balance=0)
    moved = Entry.objects.filter(account=OuterRef("pk"))
    return accounts.filter(~Exists(newer), Exists(moved))


def unname_accounts(rows):
    """Leave the numbers under another code."""
    for account in rows:
        rows.filter(pk=account.pk).update(talent=None, code=ids.code())


def old_vouchers(before):
    """Return vouchers that were used or ended so long ago."""
    ended = Q(fulfilled_at__lt=before) | Q(ended_at__lt=before)
    return Redemption.objects.filter(ended, talent__isnull=False)


def vouchers_with_services(before):
    """Return vouchers that were used or ended so long ago and still say for what."""
    ended = Q(fulfilled_at__lt=before) | Q(ended_at__lt=before)
    return Redemption.objects.filter(ended, sealed_service__isnull=False)


def destroy_services(rows):
    """Leave where and for how many points; the numbers of each service are counted apart (ServiceMonth)."""
    rows.update(sealed_service=None)


def unname_vouchers(rows):
    """Leave what was redeemed, without who and under another code."""
    for voucher in rows:
        codes = {"code": ids.code(), "idempotency_key": ids.code(20)}
        rows.filter(pk=voucher.pk).update(talent=None, **codes)


def old_hours(before):
    """Return hours that were decided so long ago, or withdrawn or replaced without a decision."""
    undecided = Q(decided_at=None, state__in=["withdrawn", "corrected"], recorded_at__lt=before)
    old = Q(decided_at__lt=before) | undecided
    return ServiceHours.objects.filter(old, talent__isnull=False)


def unname_hours(rows):
    """Leave how long they were."""
    rows.exclude(reason="").update(reason="—")
    rows.exclude(change_reason="").update(change_reason="—")
    rows.update(talent=None, activity="—")


def old_certificates(before):
    """Return certificates of hours that were issued so long ago."""
    return HoursCertificate.objects.filter(issued_at__lt=before)


def old_answers(before):
    """Return answers given so long ago."""
    return UnspentAnswer.objects.filter(at__lt=before, talent__isnull=False)


def unname_answers(rows):
    """Leave what was answered, and when."""
    rows.update(talent=None)
