"""A plan selects: who is selected joins its cohort, with the venture it is about."""

from django.db import transaction
from django.utils.translation import gettext as _

from calls.models import ApplicationState
from entrepreneurship.plans import rules
from entrepreneurship.plans.models import MEASURES, PlanMember
from kernel.errors import Refused
from privacy import audit


def join_cohort(*, application, now):
    """Let who was selected by a plan join its cohort, once; in the transaction that tells the results.

    Where she founds exactly one venture that was not closed, it is the one. Returns the PlanMember, None for others.
    """
    if application.state != ApplicationState.AWARDED or application.call.measure not in MEASURES:
        return None
    about = {"talent": application.talent, "call": application.call, "joined_at": now}
    member, is_new = PlanMember.objects.get_or_create(application=application, defaults=about)
    if is_new:
        ventures = list(rules.ventures_of(member).running()[:2])
        if len(ventures) == 1:
            member.venture = ventures[0]
            member.save(update_fields=["venture"])
    return member


@transaction.atomic
def link_venture(*, member, venture, by, now):
    """Say which venture (None: none any more) a member was selected with. The same again changes nothing.

    Raises Refused, Conflict where the selection was taken back, Invalid for a venture that is not hers.
    Returns the PlanMember.
    """
    if error := rules.why_not_link(member, by):
        raise error
    member = PlanMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.venture_id == (venture and venture.pk):
        return member
    if error := rules.why_not_link(member, by) or rules.why_not_this(member, venture):
        raise error
    member.venture = venture
    member.save(update_fields=["venture"])
    audit.record(
        "entrepreneurship.link_venture", member, by=by, at=now, venture=venture and venture.code
    )
    return member


@transaction.atomic
def export_plan_members(*, rows, by, now):
    """Note that cohorts are taken out as a list; returns those of `rows` that `by` may see, the newest first.

    Raises Refused.
    """
    if by is not None and not by.has_perm(rules.EXPORT):
        raise Refused("not_allowed", _("您没有导出计划入选人的权限，请联系系统管理员。"))
    rows = (
        rows if by is None else rows.filter(pk__in=PlanMember.objects.visible_to(by).values("pk"))
    )
    rows = list(read(rows).order_by("-pk"))
    for call in {row.call for row in rows}:
        audit.record("entrepreneurship.export_plan_members", call, by=by, at=now)
    return rows


def read(rows):
    """Return members with all that lists say of them, in a constant number of queries."""
    return rows.select_related(
        "talent__unit", "call", "venture", "application__recommendation__honour"
    ).prefetch_related("application__dues__step", "application__dues__payments")
