"""Bases and services are kept; women ask, owners answer, the clock reminds and escalates."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.bases import letters, rules
from entrepreneurship.bases.models import Base, BaseRequest, BaseRequestState, BaseService
from kernel.errors import Conflict, Invalid
from places import holidays
from privacy import audit
from talents.models import Talent

BASE_FIELDS = (
    "kind",
    "name",
    "name_en",
    "summary",
    "summary_en",
    "address",
    "unit",
    "owner",
    "is_open",
)
SERVICE_FIELDS = ("title", "title_en", "for_whom", "cost", "contact")
State = BaseRequestState


# --- bases and services ----------------------------------------------------------------------------
def _locked_base(base):
    """Return a base as it stands now, locked: whatever changes it or its services holds this lock."""
    return Base.objects.select_for_update(of=("self",), no_key=True).get(pk=base.pk)


@transaction.atomic
def save_base(*, base=None, values, by, now):
    """Add (`base=None`) or change a base; `values` are of BASE_FIELDS, for a new one also `department`.

    Raises Refused, Invalid for an owner from elsewhere, Conflict for a name that is there. Returns the Base.
    """
    if error := rules.why_not_keep(base, by, "entrepreneurship.change_base"):
        raise error
    is_new = base is None
    department = values.get("department") or getattr(by, "department", None)
    base = Base(created_at=now, department=department) if is_new else _locked_base(base)
    changed = [
        name for name in BASE_FIELDS if name in values and getattr(base, name) != values[name]
    ]
    for name in changed:
        setattr(base, name, values[name])
    if error := rules.why_not_owner(base, base.owner):
        raise error
    if not (changed or is_new):
        return base
    try:
        with transaction.atomic():
            base.save()
    except IntegrityError as error:
        sentence = _("已有同名的基地，请改那一条。")
        raise Conflict("base_twice", sentence, field="name") from error
    verb = "entrepreneurship.add_base" if is_new else "entrepreneurship.edit_base"
    audit.record(verb, base, by=by, at=now)
    return base


@transaction.atomic
def save_service(*, base, service=None, values, by, now):
    """Add (`service=None`) or change what a base offers; who writes it has verified it. Raises Refused, Invalid, Conflict.

    Returns the BaseService.
    """
    if error := rules.why_not_keep(base, by, "entrepreneurship.change_baseservice"):
        raise error
    base = _locked_base(base)
    is_new = service is None
    service = BaseService(base=base) if is_new else base.services.get(pk=service.pk)
    for name in SERVICE_FIELDS:
        if name in values:
            setattr(service, name, " ".join((values[name] or "").split()))
    for name in ("title", "for_whom", "cost", "contact"):
        if not getattr(service, name):
            raise Invalid("service_incomplete", _("请填写这一项。"), field=name)
    if error := rules.why_not_service_standing(service) or rules.why_not_service_again(
        base, service.title, service
    ):
        raise error
    service.verified_on, service.verified_by = timezone.localdate(now), by
    service.save()
    verb = "entrepreneurship.add_service" if is_new else "entrepreneurship.edit_service"
    audit.record(verb, service, by=by, at=now)
    return service


def _locked_service(service, by):
    if error := rules.why_not_keep(service.base, by, "entrepreneurship.change_baseservice"):
        raise error
    return _locked_base(service.base).services.get(pk=service.pk)


@transaction.atomic
def verify_service(*, service, by, now):
    """Note that a service was found to be as it is written today: it is shown for 180 days. Returns the BaseService."""
    service = _locked_service(service, by)
    if error := rules.why_not_service_standing(service):
        raise error
    if service.verified_on != timezone.localdate(now):
        service.verified_on, service.verified_by = timezone.localdate(now), by
        service.save(update_fields=["verified_on", "verified_by"])
        audit.record("entrepreneurship.verify_service", service, by=by, at=now)
    return service


@transaction.atomic
def end_service(*, service, by, now):
    """Take a service off the page; what was asked of it goes on. Twice is once. Returns the BaseService."""
    service = _locked_service(service, by)
    if service.ended_at is None:
        service.ended_at = now
        service.save(update_fields=["ended_at"])
        audit.record("entrepreneurship.end_service", service, by=by, at=now)
    return service


@transaction.atomic
def restore_service(*, service, by, now):
    """Offer a service again that was ended. Raises Conflict where another has its name. Returns the BaseService."""
    service = _locked_service(service, by)
    if service.ended_at is None:
        return service
    if error := rules.why_not_service_again(service.base, service.title, service):
        raise error
    service.ended_at = None
    service.save(update_fields=["ended_at"])
    audit.record("entrepreneurship.restore_service", service, by=by, at=now)
    return service


# --- she asks --------------------------------------------------------------------------------------
def due_on(day):
    """Return the last day to answer what was asked on a day: five working days behind it."""
    return holidays.working_days_after(day, rules.DUE_AFTER)


def locked_request(request):
    """Return a request as it stands now, locked."""
    rows = BaseRequest.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "base__department", "base__unit", "service", "talent__user", "owner", "venture"
    ).get(pk=request.pk)


@transaction.atomic
def ask_base(*, service, talent, words, contact, venture=None, by, now):
    """Ask a base for one of its services; its owner has five working days. `venture` is one of hers, or None.

    What she writes the base reads, as the page says. Pressing twice meets what she asked. Raises Refused, Invalid, Conflict.
    Returns the BaseRequest.
    """
    if error := rules.why_not_ask_base(talent, by):
        raise error
    talent = Talent.objects.locked().get(pk=talent.pk)
    if error := (
        rules.why_not_ask_base(talent, by)
        or rules.why_not_service(service, now)
        or rules.why_not_words(words, "words", _("请写明想请基地做什么。"))
        or rules.why_not_words(contact, "contact", _("请写明怎样联系您。"))
        or rules.why_not_more_requests(talent, service)
        or rules.why_not_venture(talent, venture)
    ):
        raise error
    base, today = service.base, timezone.localdate(now)
    request = BaseRequest.objects.create(
        base=base,
        service=service,
        talent=talent,
        venture=venture,
        words=words.strip(),
        contact=contact.strip(),
        owner=base.owner,
        asked_at=now,
        counted_from=today,
        due_on=due_on(today),
    )
    audit.record("entrepreneurship.ask_base", request, by=by, at=now)
    letters.asked(request, now)
    return request


def _end(request, state, now, **values):
    request.state, request.ended_at = state, now
    for name, value in values.items():
        setattr(request, name, value)
    request.save()


@transaction.atomic
def withdraw_base_request(*, request, by, now):
    """Take a request back. Twice is once. Raises Refused, Conflict. Returns the BaseRequest."""
    if error := rules.why_not_hers(request, by):
        raise error
    request = locked_request(request)
    if request.state == State.WITHDRAWN:
        return request
    if error := rules.why_not_open(request):
        raise error
    _end(request, State.WITHDRAWN, now)
    audit.record("entrepreneurship.withdraw_base_request", request, by=by, at=now)
    return request


@transaction.atomic
def reopen_base_request(*, request, words, by, now):
    """Put a request again that was answered or declined and did not help, once; five working days begin anew.

    Raises Refused, Invalid, Conflict. Returns the BaseRequest.
    """
    if error := rules.why_not_hers(request, by):
        raise error
    Talent.objects.locked().get(pk=request.talent_id)
    request = locked_request(request)
    if error := rules.why_not_reopen(request) or rules.why_not_words(
        words, "words", _("请写明还需要什么。")
    ):
        raise error
    today = timezone.localdate(now)
    request.state, request.ended_at, request.reopened_at = State.OPEN, None, now
    request.words = "\n\n".join(filter(None, (request.words, words.strip())))
    request.decline_reason, request.helped, request.helped_words = "", "", None
    request.helped_at, request.reminded_at, request.escalated_at = None, None, None
    request.counted_from, request.due_on = today, due_on(today)
    request.save()
    audit.record("entrepreneurship.reopen_base_request", request, by=by, at=now)
    letters.asked(request, now)
    return request


@transaction.atomic
def say_helped(*, request, helped, words="", by, now):
    """Keep whether an answer helped, a code of Helped, and her words; again changes it. Raises Refused, Invalid, Conflict.

    Returns the BaseRequest.
    """
    if error := rules.why_not_hers(request, by):
        raise error
    request = locked_request(request)
    if error := rules.why_not_say(request, helped):
        raise error
    words = (words or "").strip()[: rules.LONGEST] or None
    if (request.helped, request.helped_words) != (helped, words):
        request.helped, request.helped_words, request.helped_at = helped, words, now
        request.save(update_fields=["helped", "helped_words", "helped_at"])
        audit.record("entrepreneurship.say_helped", request, by=by, at=now, helped=helped)
    return request


# --- who answers -----------------------------------------------------------------------------------
@transaction.atomic
def answer_base_request(*, request, answer, by, now):
    """Answer what she asked; she is told. The same answer twice is one. Raises Refused, Invalid, Conflict.

    Returns the BaseRequest.
    """
    if error := rules.why_not_answer_for(request, by):
        raise error
    request = locked_request(request)
    if (request.state, request.answer) == (State.ANSWERED, (answer or "").strip()):
        return request
    if error := rules.why_not_open(request) or rules.why_not_words(
        answer, "answer", _("请写下答复。")
    ):
        raise error
    _end(request, State.ANSWERED, now, answer=answer.strip())
    audit.record("entrepreneurship.answer_base_request", request, by=by, at=now)
    letters.answered(request, now)
    return request


@transaction.atomic
def decline_base_request(*, request, reason, answer="", by, now):
    """Say that it cannot be done and why, a code of DeclineReason, with words where they help; she is told.

    Raises Refused, Invalid, Conflict. Returns the BaseRequest.
    """
    if error := rules.why_not_answer_for(request, by):
        raise error
    request = locked_request(request)
    if (request.state, request.decline_reason) == (State.DECLINED, reason):
        return request
    if error := rules.why_not_open(request) or rules.why_not_reason(reason):
        raise error
    answer = (answer or "").strip()[: rules.LONGEST] or None
    _end(request, State.DECLINED, now, decline_reason=reason, answer=answer)
    audit.record("entrepreneurship.decline_base_request", request, by=by, at=now, code=reason)
    letters.declined(request, now)
    return request


@transaction.atomic
def hand_over_request(*, request, owner, by, now):
    """Let somebody else answer a request; the day it is due stays. Raises Refused, Invalid, Conflict.

    Returns the BaseRequest.
    """
    if error := rules.why_not_route(request, by):
        raise error
    request = locked_request(request)
    if error := rules.why_not_open(request) or rules.why_not_owner(request.base, owner):
        raise error
    if request.owner_id != owner.pk:
        request.owner, request.reminded_at = owner, None
        request.save(update_fields=["owner", "reminded_at"])
        audit.record("entrepreneurship.hand_over_request", request, by=by, at=now)
        letters.asked(request, now)
    return request


# --- the clock -------------------------------------------------------------------------------------
@transaction.atomic
def remind_owner(*, request, now):
    """Remind who owns a request a day before it is due, once. Returns the BaseRequest."""
    request = locked_request(request)
    if request.state == State.OPEN and request.reminded_at is None:
        request.reminded_at = now
        request.save(update_fields=["reminded_at"])
        letters.due(request, now)
    return request


@transaction.atomic
def escalate_request(*, request, now):
    """Tell the department's lead, once, that a request was not answered in time. Returns the BaseRequest."""
    request, today = locked_request(request), timezone.localdate(now)
    if request.is_overdue(today) and request.escalated_at is None:
        request.escalated_at = now
        request.save(update_fields=["escalated_at"])
        audit.record("entrepreneurship.escalate_request", request, by=None, at=now)
        letters.escalated(request, now)
    return request


@transaction.atomic
def retry_request(*, row, by, now):
    """Let the clock try again what it could not do of a request. Raises Refused. Returns the BaseRequest."""
    if error := rules.why_not_route(row, by):
        raise error
    row = locked_request(row)
    if row.sweep_failures:
        row.sweep_failures = 0
        row.save(update_fields=["sweep_failures"])
        audit.record("entrepreneurship.retry_request", row, by=by, at=now)
    return row


@transaction.atomic
def move_due(*, now):
    """Have open requests due later where days were made free, never earlier (kernel.portal, field `terms`)."""
    for request in BaseRequest.objects.open().order_by("pk").select_for_update(no_key=True):
        later = due_on(request.counted_from)
        if later > request.due_on:
            request.due_on = later
            request.save(update_fields=["due_on"])
            audit.record("entrepreneurship.move_due", request, by=None, at=now)
