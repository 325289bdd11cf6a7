"""Circles: made, closed, joined, left; who keeps order in them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cloud_home import letters, rules
from cloud_home.models import Circle, CircleKind, Follow, Membership, Preference
from events.models import Event
from kernel import ids, reasons
from kernel.errors import Conflict, Invalid
from privacy import audit
from talents.operations.records import lock_account

EDITABLE = ("name", "kind", "about", "discipline", "discreet")
OF_EVENT = ("name", "about")  # what the thread of an event has from its event


@transaction.atomic
def add_circle(*, fields, by, now):
    """Make a circle: `fields` are names of EDITABLE and `department` to values. Returns the Circle.

    Raises Refused unless `by` may for the department, Invalid for a kind that is made otherwise, Conflict for a
    name there is already.
    """
    department = fields.get("department") or (by and by.department)
    if error := rules.why_not_add_circle(department, by) or _why_not_kind(fields.get("kind")):
        raise error
    values = {name: fields[name] for name in EDITABLE if name in fields}
    circle = Circle(**values, department=department, created_at=now)
    _save(circle)
    audit.record("cloud_home.add_circle", circle, by=by, at=now)
    return circle


def _why_not_kind(kind):
    if kind != CircleKind.EVENT:
        return None
    sentence = _("活动的交流区在活动页面上打开，不用新建。")
    return Invalid("kind_of_event", sentence, field="kind")


def _save(circle):
    try:
        with transaction.atomic():
            circle.save()
    except IntegrityError as error:
        if "circle_name_once" not in str(error):
            raise
        sentence = _("已经有同名的圈子，请换一个名称。")
        raise Conflict("name_taken", sentence, field="name") from error


@transaction.atomic
def edit_circle(*, circle, changes, by, now):
    """Change fields of a circle (names of EDITABLE to values). Returns the Circle.

    The thread of an event is named and described by its event (migration 0003). Raises Refused, Invalid, Conflict
    as `add_circle` does.
    """
    if error := rules.why_not_manage(circle, by):
        raise error
    circle = _locked(circle)
    changes = {
        name: value
        for name, value in changes.items()
        if name in EDITABLE and getattr(circle, name) != value
    }
    if "kind" in changes and (circle.is_of_event or changes["kind"] == CircleKind.EVENT):
        raise Invalid("kind_of_event", _("活动交流区的类型不能更改。"), field="kind")
    if error := _why_not_named(circle, changes):
        raise error
    if changes:
        for name, value in changes.items():
            setattr(circle, name, value)
        _save(circle)
        audit.record("cloud_home.edit_circle", circle, by=by, at=now, fields=sorted(changes))
    return circle


def _why_not_named(circle, changes):
    if not circle.is_of_event or changes.keys().isdisjoint(OF_EVENT):
        return None
    sentence = _("活动交流区的名称和简介随活动，请在活动里修改。")
    return Invalid("named_by_event", sentence, field=min(changes.keys() & set(OF_EVENT)))


def _locked(circle):
    return Circle.objects.select_for_update(of=("self",), no_key=True).get(pk=circle.pk)


@transaction.atomic
def close_circle(*, circle, reason, by, now):
    """Let nothing more be written in a circle; what stands there is read as before. Twice does nothing twice.

    Raises Refused, Invalid without a reason. Returns the Circle.
    """
    if error := rules.why_not_manage(circle, by):
        raise error
    reason = reasons.clean(reason, _("请写明关闭原因，成员会看到。"))
    circle = _locked(circle)
    if not circle.is_closed:
        circle.closed_at, circle.close_reason = now, reason
        circle.save(update_fields=["closed_at", "close_reason"])
        audit.record("cloud_home.close_circle", circle, by=by, at=now, reason=reason)
    return circle


@transaction.atomic
def reopen_circle(*, circle, by, now):
    """Open a closed circle again. Twice does nothing twice. Raises Refused; returns the Circle."""
    if error := rules.why_not_manage(circle, by):
        raise error
    circle = _locked(circle)
    if circle.is_closed:
        circle.closed_at, circle.close_reason = None, ""
        circle.save(update_fields=["closed_at", "close_reason"])
        audit.record("cloud_home.reopen_circle", circle, by=by, at=now)
    return circle


@transaction.atomic
def open_event_circle(*, event, by, now):
    """Open the thread of an event; who is second gets the same one. Raises Refused; returns the Circle."""
    if error := rules.why_not_open_event(event, by, now):
        raise error
    event = Event.objects.locked(event)  # who renames it meanwhile would find no thread to rename
    fields = {
        "name": event.title,
        "kind": CircleKind.EVENT,
        "about": event.summary,
        "department": event.department,
        "created_at": now,
    }
    circle, is_new = Circle.objects.get_or_create(event=event, defaults=fields)
    if is_new:
        audit.record("cloud_home.open_event_circle", circle, by=by, at=now)
    return circle


@transaction.atomic
def join_circle(*, circle, by, now):
    """Let `by` belong to a circle; twice does nothing twice. Returns the Membership. Raises Refused, Conflict."""
    if error := rules.why_not_join(circle, by):
        raise error
    lock_account(by.pk)
    return belong(circle, by, now)


def belong(circle, user, now):
    """Return somebody's membership, made where there is none; whoever calls has asked the rule and holds her account."""
    membership, is_new = Membership.objects.get_or_create(
        circle=circle, user=user, defaults={"joined_at": now}
    )
    if is_new:
        preference_of(user, now)
        audit.record("cloud_home.join_circle", circle, by=user, at=now)
    return membership


def preference_of(user, now):
    """Return what somebody chose, the defaults where she chose nothing; who is new is asked whether she may be asked."""
    preference = Preference.objects.filter(user=user).first()
    if preference is None:
        preference = Preference(user=user, told_up_to=now)
        preference.next_at = preference.following(now)
        preference.save()
        letters.send([letters.willing(user, now)], now)
    return preference


@transaction.atomic
def leave_circle(*, circle, by, now):
    """Let `by` belong to a circle no more; what she wrote stays. Twice does nothing twice. Raises Refused.

    Of a discreet one she follows nothing more: what she cannot read is not among what she follows either.
    """
    if error := rules.why_not_enter(by):
        raise error
    gone, _by_model = Membership.objects.filter(circle=circle, user=by).delete()
    if circle.discreet:
        Follow.objects.filter(topic__circle=circle, user=by).delete()
    if gone:
        audit.record("cloud_home.leave_circle", circle, by=by, at=now)


@transaction.atomic
def follow_circle(*, circle, on, by):
    """Have the digest of `by` tell of a circle's new topics (`on`), or not. Raises Refused."""
    if error := rules.why_not_enter(by):
        raise error
    Membership.objects.filter(circle=circle, user=by).update(follows=on)


@transaction.atomic
def name_moderator(*, circle, code, by, now):
    """Have the woman with a record code keep order in a circle, which makes her a member. Returns the Membership.

    Raises Refused, Invalid for a code nobody in the database has.
    """
    if error := rules.why_not_manage(circle, by):
        raise error
    user = User.objects.filter(talent__code=ids.tidy(code)).select_related("talent").first()
    if error := rules.why_not_moderator(circle, user):
        raise error
    lock_account(user.pk)
    membership, _is_new = Membership.objects.get_or_create(
        circle=circle, user=user, defaults={"joined_at": now}
    )
    if not membership.is_moderator:
        preference_of(user, now)
        membership.is_moderator = True
        membership.save(update_fields=["is_moderator"])
        audit.record("cloud_home.name_moderator", circle, by=by, at=now, user=user.pk)
    return membership


def moderator_called(circle, code):
    """Return the Membership of the moderator with a record code. Raises Invalid where nobody is."""
    moderators = circle.memberships.filter(is_moderator=True).select_related("circle")
    found = moderators.filter(user__talent__code=ids.tidy(code)).first()
    if found is None:
        sentence = _("这个人才编号不是圈主，请核对。")
        raise Invalid("no_such_moderator", sentence, field="code")
    return found


@transaction.atomic
def remove_moderator(*, membership, by, now):
    """Let a member keep order no more. Twice does nothing twice. Raises Refused; returns the Membership."""
    if error := rules.why_not_manage(membership.circle, by):
        raise error
    if Membership.objects.filter(pk=membership.pk, is_moderator=True).update(is_moderator=False):
        circle, user = membership.circle, membership.user_id
        audit.record("cloud_home.remove_moderator", circle, by=by, at=now, user=user)
    return membership
