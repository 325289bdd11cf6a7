"""Who takes part in a programme: joined, left, listed for staff."""

from django.db import transaction
from django.utils.translation import gettext as _

from entrepreneurship.learning import rules
from entrepreneurship.learning.models import Enrolment, EnrolmentState, Programme
from entrepreneurship.learning.operations.looking import look_at
from kernel import reasons, rights, rows
from privacy import audit


@transaction.atomic
def enrol(*, programme, talent, by, now):
    """Let the talent take part; what she went to before she joined counts as well. Joining twice does nothing twice.

    `talent` is her record, None where she has none. Raises Refused, Conflict. Returns the Enrolment.
    """
    if error := rules.why_not_enrol_for(programme, talent, by):
        raise error
    programme = Programme.objects.locked(programme)
    if error := rules.why_not_enrol(programme, talent):
        raise error
    standing = programme.enrolments.standing().filter(talent=talent)
    if found := standing.first():
        return found
    enrolment = Enrolment(programme=programme, talent=talent, enrolled_at=now)
    if not rows.insert_once(enrolment):
        return standing.get()
    audit.record("entrepreneurship.enrol", enrolment, by=by, at=now)
    look_at(programme, now, only=enrolment)
    enrolment.refresh_from_db()
    return enrolment


@transaction.atomic
def leave_programme(*, enrolment, by, now, reason=""):
    """End her part in a programme; her bookings stay as they are. Leaving twice does nothing twice.

    Staff who do it for her give a `reason` (4 to 200 characters), which she reads. Raises Refused, Conflict, what
    kernel.reasons.clean raises. Returns the Enrolment.
    """
    if error := rules.why_not_enrol_for(enrolment.programme, enrolment.talent, by):
        raise error
    Programme.objects.locked(enrolment.programme)
    enrolment = Enrolment.objects.select_related("programme__series", "talent").get(pk=enrolment.pk)
    if enrolment.state == EnrolmentState.LEFT:
        return enrolment
    if error := rules.why_not_leave_programme(enrolment):
        raise error
    for_her = by is not None and by.pk != enrolment.talent.user_id
    if for_her:
        reason = reasons.clean(reason, _("请写明移出的原因，本人会看到。"))
    enrolment.state, enrolment.left_at = EnrolmentState.LEFT, now
    enrolment.left_reason, enrolment.risk = reason if for_her else "", ""
    enrolment.save(update_fields=["state", "left_at", "left_reason", "risk"])
    audit.record("entrepreneurship.leave_programme", enrolment, by=by, at=now, reason=reason)
    return enrolment


@transaction.atomic
def export_enrolments(*, rows, by, now):
    """Note that a list of enrolments is taken out; returns those of `rows` that `by` may see. Raises Refused."""
    rights.require(by, "entrepreneurship.export_enrolment")
    if by is not None:
        rows = rows.filter(pk__in=Enrolment.objects.visible_to(by).values("pk"))
    found = list(rows.select_related("programme", "talent__unit").order_by("-pk"))
    if by is not None:
        audit.record("entrepreneurship.export_enrolments", by, by=by, at=now, count=len(found))
    return found
