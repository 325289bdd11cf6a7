"""Technology transfer: from a public profile to a contract paid; one contract is counted once."""

from itertools import pairwise

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from entrepreneurship.figures.medians import between, in_days
from entrepreneurship.transfer.models import (
    FUNNEL,
    ContractState,
    InterestState,
    TransferContract,
    TransferInterest,
    TransferProfile,
)
from kernel.admin.figures import Line, Part
from kernel.admin.queue import changelist

PROFILES, INTERESTS, CONTRACTS = (
    "entrepreneurship_transferprofile",
    "entrepreneurship_transferinterest",
    "entrepreneurship_transfercontract",
)


def part(user, day):
    """Return the Part of technology transfer a member of staff sees; None for others."""
    if not user.has_perm("entrepreneurship.view_transferprofile"):
        return None
    return Part(
        _("成果转化"),
        (*_profiles(user, day), *_interests(user), *_contracts(user)),
        _(
            "双方同意以前的意向只有双方知道，不计入；走到某一步的都计入，后来结束的也算，天数是从上一步到这一步的中位数。一份合同只算一次，作废的不算。"
        ),
    )


def _profiles(user, day):
    rows = TransferProfile.objects.visible_to(user)
    yield Line(_("公开的成果和需求"), rows.shown(day).count(), changelist(PROFILES, "stage=shown"))


def _interests(user):
    """Say how far what both agreed to came, each step with its median wait."""
    if not user.has_perm("entrepreneurship.view_transferinterest"):
        return
    rows = TransferInterest.objects.visible_to(user)
    agreed = rows.aggregate(n=Count("pk"), wait=between("asked_at", "agreed_at"))
    yield Line(_("双方同意的意向"), agreed["n"], changelist(INTERESTS, ""))
    yield Line(_("从提出到双方同意（中位数）"), in_days(agreed["wait"]), changelist(INTERESTS, ""))
    rows = rows.annotate(**{f"on_{state}": rows.reached_at(state) for state in FUNNEL})
    for before, state in pairwise(("agreed", *FUNNEL)):
        since = "agreed_at" if before == "agreed" else f"on_{before}"
        reached = rows.filter(**{f"on_{state}__isnull": False})
        found = reached.aggregate(n=Count("pk"), wait=between(since, f"on_{state}"))
        words = _("到过“%(state)s”") % {"state": InterestState(state).label}
        value = _("%(n)s（%(wait)s）") % {"n": found["n"], "wait": in_days(found["wait"])}
        yield Line(words, value, changelist(INTERESTS, f"reached={state}"))


def _contracts(user):
    if not user.has_perm("entrepreneurship.view_transfercontract"):
        return
    rows = TransferContract.objects.visible_to(user).counted()
    found = rows.aggregate(signed=Sum("amount_signed", default=0), paid=Sum("paid", default=0))
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    counts = changelist(CONTRACTS, "state__in=signed,registered")
    for state in (ContractState.SIGNED, ContractState.REGISTERED):
        words = _("合同：%(state)s") % {"state": state.label}
        yield Line(
            words, counted.get(state, 0), changelist(CONTRACTS, f"state__exact={state.value}")
        )
    yield Line(_("合同金额（元）"), found["signed"], counts)
    yield Line(_("已到账（元）"), found["paid"], counts)
