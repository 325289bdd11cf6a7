"""Who has never used her points is asked why: once, and never again once she has answered or would rather not."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from care_points.models import (
    Entry,
    PointsAccount,
    Redemption,
    TransferKind,
    UnspentAnswer,
    WhyUnspent,
)
from kernel.errors import Invalid, Refused
from privacy import audit

AFTER = timedelta(days=60)  # with points that long, she has had time to look around


def may_ask(account, now):
    """Tell whether a woman with this account is to be asked: she has points for so long, never used any, was never asked. One query; none without points."""
    if account.pk is None or not account.balance:
        return False
    talent = OuterRef("talent")
    long_there = Entry.objects.filter(account=OuterRef("pk"), transfer__at__lt=now - AFTER)
    # The ledger knows for good, vouchers lose their name after some years; but of two records that became one
    # only the vouchers come over.
    spent = Entry.objects.filter(account=OuterRef("pk"), transfer__kind=TransferKind.REDEEMED)
    return PointsAccount.objects.filter(
        Exists(long_there),
        ~Exists(spent),
        ~Exists(Redemption.objects.filter(talent=talent)),
        ~Exists(UnspentAnswer.objects.filter(talent=talent)),
        pk=account.pk,
    ).exists()


@transaction.atomic
def answer_unspent(*, talent, answer, by, now):
    """Keep what she says to why she has never used her points; returns the UnspentAnswer, the first one if she has answered before.

    `answer` is one of WhyUnspent; "not_now" is one as well. Raises Refused unless `by` is she herself,
    Invalid("answer_unknown").
    """
    if by is None or talent.user_id != by.pk:
        raise Refused("not_yours", _("只能由本人回答。"))
    if answer not in WhyUnspent:
        raise Invalid("answer_unknown", _("请选择一个原因，或选“不想回答”。"), field="answer")
    kept, is_new = UnspentAnswer.objects.get_or_create(
        talent=talent, defaults={"answer": answer, "at": now}
    )
    if is_new:
        audit.record("care_points.answer_unspent", kept, by=by, at=now)
    return kept
