"""Colleagues who write an application with her or are named in it: her list of them, their link, their page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import operations, rules, together_rules
from calls.forms import ApplicationForm
from calls.models import Application, Colleague, ColleagueRole
from calls.operations.applying import answers_of, words_of
from calls.operations.together import roles_of
from kernel.access import signed_in
from kernel.errors import DomainError

CHANGES = 20


def _hers(request, code):
    rows = Application.objects.select_related("call", "talent__user").prefetch_related(
        "call__stages"
    )
    return get_object_or_404(rows.filter(talent__user=request.user), code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request, code):
    """Show her who is with her and the links that wait; POST makes a link or ends what a colleague has."""
    mine, now = _hers(request, code), timezone.now()
    if request.method == "POST":
        return _changed(request, mine, now)
    rows = list(mine.colleagues.standing().select_related("user"))
    for row in rows:
        row.application = mine
    context = {
        "application": mine,
        "call": mine.call,
        "rows": rows,
        "roles": [(role, ColleagueRole(role).label) for role in roles_of(mine)],
        "why_not": rules.why_not_save(mine, now),
    }
    return render(request, "calls/colleagues.html", context)


def _changed(request, mine, now):
    about = {"by": request.user, "now": now}
    try:
        if ended := request.POST.get("end"):
            row = get_object_or_404(mine.colleagues, pk=ended if ended.isdecimal() else 0)
            operations.end_colleague(colleague=row, **about)
            messages.success(request, _("已移出，从现在起看不到这份申报。"))
        else:
            role = request.POST.get("role", "")
            operations.invite_colleague(application=mine, role=role, **about)
            messages.success(request, _("链接已生成，请自己发给同事，一个链接只能由一个人接受。"))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("colleagues", mine.code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def colleague_invitation(request, number, secret):
    """Show a colleague what she is invited to; POST joins."""
    found, now = Colleague.found(number, secret), timezone.now()
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            operations.accept_invitation(colleague=found, by=request.user, now=now)
        except DomainError as error:
            messages.error(request, str(error))
            return redirect(found)
        messages.success(request, _("已接受邀请。"))
        return redirect("shared_application", found.application.code)
    is_hers = found.user_id == request.user.pk and found.ended_at is None
    why_not = None if is_hers else together_rules.why_not_join_at_all(found, request.user)
    context = {
        "colleague": found,
        "call": found.application.call,
        "application": found.application,
        "is_hers": is_hers,
        "why_not": why_not
        or (None if is_hers else together_rules.why_not_join(found, request.user, now)),
    }
    return render(request, "calls/colleague_invitation.html", context)


def _shared(request, code):
    """Return (application, how the signed-in person is with it): 404 for who is not, or not any more."""
    rows = Application.objects.select_related("call", "talent__user")
    found = get_object_or_404(rows, code=code)
    mine = list(found.colleagues.joined().filter(user=request.user))
    if not mine:
        raise Http404
    return found, mine


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared_application(request, code):
    """Show a colleague the lines of the form; POST keeps what she typed. Nothing else of the application is hers to see.

    Who is only named as a member sees for what, and can leave.
    """
    found, mine = _shared(request, code)
    now, may_write = timezone.now(), any(one.role == ColleagueRole.EDITOR for one in mine)
    if request.method == "POST" and not may_write:
        raise Http404
    context = {
        "application": found,
        "call": found.call,
        "mine": mine,
        "may_write": may_write,
    }
    if not may_write:
        return render(request, "calls/shared.html", context)
    posted = (request.POST,) if request.method == "POST" else ()
    form = ApplicationForm(*posted, call=found.call, answers=answers_of(found))
    why_not = rules.why_not_save(found, now)
    if request.method == "POST" and (done := save(request, found, form, now)) is not None:
        return done
    context |= {
        "form": form,
        "why_not": why_not,
        "answers": _shown(found) if why_not else (),
        "lacking": rules.missing(found, answers_of(found)),
        "marks": form.marks(answers_of(found)),
        "changes": changes(found),
    }
    return render(request, "calls/shared.html", context, status=422 if form.errors else 200)


def _shown(application):
    """Return [(line, text)] as it is read."""
    answers = words_of(application)
    return [(line, answers.get(line.pk, "")) for line in application.call.fields.all()]


def save(request, application, form, now):
    """Keep what a colleague typed; None where the page is shown again with what is wrong."""
    if not form.is_valid():
        return None
    try:
        kept = operations.save_answers(
            application=application,
            answers=form.answers(),
            seen=form.seen(),
            by=request.user,
            now=now,
        )
    except DomainError as error:
        error.add_to(form)
        return None
    if request.htmx:
        return saved_in_place(request, application, form, kept.clashes)
    if form.say_clashes(kept.clashes):
        return None
    messages.success(request, _("已保存。"))
    return redirect("shared_application", application.code)


def saved_in_place(request, application, form, clashes):
    """Answer a save the page made by itself: what is lacking, what clashes, and the marks of the next save."""
    context = {
        "lacking": rules.missing(application, answers_of(application)),
        "saved_at": timezone.now(),
        "marks": form.marks_after(clashes),
        "clashes": form.clashing(clashes),
    }
    return render(request, "calls/lacking.html", context)


def changes(application):
    """Return who changed which line, the newest first."""
    return application.line_changes.select_related("by", "field")[:CHANGES]


@signed_in
@require_POST
def leave_application(request, code):
    """End that a colleague is with an application; she does so herself."""
    _found, mine = _shared(request, code)
    for row in mine:
        operations.end_colleague(colleague=row, by=request.user, now=timezone.now())
    messages.success(request, _("已退出，这份申报不再对您显示。"))
    return redirect("my_applications")


@signed_in
@never_cache
@require_safe
def shared_applications(request):
    """Show what others asked her to write with them."""
    rows = Colleague.objects.joined().filter(user=request.user)
    rows = rows.select_related("application__call", "application__talent").order_by("-pk")
    return render(request, "calls/shared_list.html", {"rows": rows[:100]})
