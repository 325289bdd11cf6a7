"""A clerk puts a record a woman handed in and one a unit reported of her together."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.errors import Conflict
from talents.models import Claim, Talent
from talents.operations.claims.asking import open_claim
from talents.operations.claims.deciding import grant_claim, visible
from talents.operations.decisions import why_not_verify


def why_not_unite(talent, by):
    """Return why `by` cannot put a record that waits and a reported one together (DomainError), or None."""
    if error := why_not_verify(talent, by):
        return error
    if not talent.user_id or not same_person(talent, by):
        return Conflict("nothing_to_unite", _("没有可以和它合并的报送档案。"))
    return None


@transaction.atomic
def unite_records(*, talent, into, by, now):
    """Put a record she handed in and one a unit reported of her together, on a clerk's word; returns the Claim.

    As if she had claimed the reported one and a clerk had granted it, so it is undone alike. Raises what
    `why_not_unite` returns, and Conflict as `grant_claim` does.
    """
    if error := why_not_unite(talent, by):
        raise error
    claim = open_claim(talent.user) or Claim.objects.create(
        user=talent.user,
        department=talent.department,
        full_name=talent.full_name,
        id_number=talent.id_number,
        phone=talent.phone,
        unit_text=talent.unit_name,
        code_sent_at=now,
        asked_at=now,
    )
    return grant_claim(claim=claim, talent=into, by=by, now=now)


def same_person(talent, by):
    """Return up to ten unclaimed records of her name, number or phone that `by` may see."""
    fits = Q(full_name=talent.full_name)
    for name in ("id_number_index", "phone_index"):
        if value := getattr(talent, name):
            fits |= Q(**{name: value})
    return visible(Talent.objects.verified().filter(fits, user=None).exclude(pk=talent.pk), by)
