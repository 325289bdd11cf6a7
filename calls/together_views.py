"""Colleagues who write an application with her or are named in it: her list of them, their link, their page."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from calls import operations, rules, together_rules
from calls.form_lines import BoundFiles
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
    if posted and (done := save(request, found, form, now)) is not None:
        return done
    answers = answers_of(found)
    if not (posted or why_not):
        form.say_wrong(answers)
    context |= {
        "form": form,
        "why_not": why_not,
        "answers": _shown(found) if why_not else (),
        "lacking": form.lacking(answers | form.typed()),
        "marks": form.marks(answers),
        "changes": changes(found),
    }
    status = 422 if posted and form.errors else 200
    return render(request, "calls/shared.html", context, status=status)


def _shown(application):
    """Return [(line, text)] as it is read."""
    answers = words_of(application)
    return [(line, answers.get(line.pk, "")) for line in application.call.fields.all()]


def save(request, application, form, now):
    """Keep what a colleague typed, as far as it can be kept; None where the page is shown again with what is wrong."""
    form.full_clean()
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
    form.say_clashes(kept.clashes)
    if form.errors:
        say_unkept(request)
        return None
    say_saved(request, form)
    return redirect(reverse("shared_application", args=[application.code]) + at_line(request, form))


def saved_in_place(request, application, form, clashes, *others):
    """Answer a save the page made by itself: what is lacking, what is wrong at each field, the marks of the next save.

    `others` are forms on the same page.
    """
    stored = answers_of(application)
    form.say_clashes(clashes, in_place=True)
    form.say_wrong(form.typed())
    context = {
        "lacking": form.lacking(stored, *others),
        "saved_at": timezone.now(),
        "marks": form.marks(stored),
        "noted": [box for one in (*others, form) for box in one if not isinstance(box, BoundFiles)],
    }
    return render(request, "calls/saved.html", context)


def say_saved(request, form):
    """Tell who pressed 保存 that it is kept, and how much of it will not do as it is."""
    wrong = form.say_wrong(form.typed())
    if not wrong:
        return messages.success(request, _("已保存。"))
    sentence = ngettext(
        "已保存，还有 %(count)s 处要改，见下面标出的地方。",
        "已保存，还有 %(count)s 处要改，见下面标出的地方。",
        wrong,
    )
    return messages.warning(request, sentence % {"count": wrong})


def say_unkept(request):
    """Tell who pressed 保存 that only what is marked is not kept."""
    messages.warning(request, _("标出的地方没有保存，改好后请再按“保存”；其余都已保存。"))


def at_line(request, form):
    """Return the fragment of the line whose own button was pressed, "" for none."""
    pressed = request.POST.get("at_line") or request.POST.get("remove_row", "").partition("-")[0]
    return next((f"#{line.key}" for line in form.lines if line.key == pressed), "")


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
