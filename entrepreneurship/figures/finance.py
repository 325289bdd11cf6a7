"""Introductions to banks: how far they come, how long each step takes; banks' own sums beside ours."""

from itertools import pairwise

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from entrepreneurship.figures.medians import between, in_days
from entrepreneurship.finance.models import BankTotal, Referral, ReferralState
from kernel.admin.figures import Line, Part
from kernel.admin.queue import changelist

LIST, TOTALS = "entrepreneurship_referral", "entrepreneurship_banktotal"
STEPS = ("introduced_on", "received_on", "contacted_on", "approved_on", "disbursed_on")


def part(user, day):
    """Return the Part of introductions to banks a member of staff sees; None for others."""
    if not user.has_perm("entrepreneurship.view_referral"):
        return None
    rows = Referral.objects.visible_to(user)
    return Part(
        _("金融对接"),
        (*_funnel(rows), *_ends(rows), *_banks()),
        _(
            "走到某一步的都计入，后来结束的也算；天数是从上一步到这一步的中位数。银行自报数按季度，不含姓名。"
        ),
    )


def words_of(step):
    """Return what a step is called."""
    return ReferralState(step.removesuffix("_on")).label


def _funnel(rows):
    reached = {f"at_{step}": Count("pk", filter=Q(**{f"{step}__isnull": False})) for step in STEPS}
    waits = {f"to_{b}": between(a, b) for a, b in pairwise(STEPS)}
    found = rows.aggregate(**reached, **waits)
    for step in STEPS:
        wait = "" if step == STEPS[0] else in_days(found[f"to_{step}"])
        value = (
            _("%(n)s（%(wait)s）") % {"n": found[f"at_{step}"], "wait": wait}
            if wait
            else found[f"at_{step}"]
        )
        words = _("到过“%(state)s”") % {"state": words_of(step)}
        yield Line(words, value, changelist(LIST, f"reached={step}"))


def _ends(rows):
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    for state in ("declined_by_bank", "declined_by_her", "not_reached", "withdrawn", "lapsed"):
        words = str(ReferralState(state).label)
        yield Line(words, counted.get(state, 0), changelist(LIST, f"state__exact={state}"))


def _banks():
    told = BankTotal.objects.aggregate(
        approved=Sum("approved", default=0), disbursed=Sum("disbursed", default=0)
    )
    yield Line(_("银行自报：批准"), told["approved"], changelist(TOTALS, ""))
    yield Line(_("银行自报：放款"), told["disbursed"], changelist(TOTALS, ""))
