"""Technology transfer: from a public profile to a contract paid; one contract is counted once."""

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from entrepreneurship.figures import Line, Part
from entrepreneurship.figures.medians import between, in_days
from entrepreneurship.transfer.models import (
    ContractState,
    InterestState,
    TransferContract,
    TransferInterest,
    TransferProfile,
)
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
        _("双方同意以前的意向只有双方知道，不计入；一份合同只算一次，作废的不算。"),
    )


def _profiles(user, day):
    rows = TransferProfile.objects.visible_to(user)
    yield Line(_("公开的成果和需求"), rows.shown(day).count(), changelist(PROFILES, "stage=shown"))


def _interests(user):
    rows = TransferInterest.objects.visible_to(user)
    found = rows.aggregate(
        agreed=Count("pk"),
        confidential=Count("pk", filter=Q(confidential_on__isnull=False)),
        contracted=Count("pk", filter=Q(state=InterestState.CONTRACTED)),
        wait=between("asked_at", "agreed_at"),
    )
    everything = changelist(INTERESTS, "")
    yield Line(_("双方同意的意向"), found["agreed"], everything)
    yield Line(_("从提出到双方同意（中位数）"), in_days(found["wait"]), everything)
    yield Line(_("签过保密协议"), found["confidential"], everything)
    contracted = changelist(INTERESTS, "state__exact=contracted")
    yield Line(_("签了合同"), found["contracted"], contracted)


def _contracts(user):
    rows = TransferContract.objects.visible_to(user).counted()
    found = rows.aggregate(signed=Sum("amount_signed", default=0), paid=Sum("paid", default=0))
    counted = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    everything = changelist(CONTRACTS, "")
    for state in (ContractState.SIGNED, ContractState.REGISTERED):
        words = _("合同：%(state)s") % {"state": state.label}
        yield Line(
            words, counted.get(state, 0), changelist(CONTRACTS, f"state__exact={state.value}")
        )
    yield Line(_("合同金额（元）"), found["signed"], everything)
    yield Line(_("已到账（元）"), found["paid"], everything)
