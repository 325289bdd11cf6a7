"""Calls for everybody; her own applications."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calls import (
    check_views,
    conditions,
    documents,
    nominating_rules,
    operations,
    rules,
    together_views,
)
from calls.forms import ApplicationForm
from calls.models import Application, Attachment, Call, PublicNotice
from calls.models.notices import OPEN
from calls.nominating_forms import SubjectForm
from calls.operations.applying import answers_of, words_of
from kernel.access import needs, public, signed_in
from kernel.downloads import download
from kernel.errors import DomainError
from kernel.keyset import Keyset
from privacy import history
from talents.operations import own_record

NEWEST, LATEST = Keyset(("-id",)), Keyset(("-closes_at", "-id"))
PAGE = 20


@public
@never_cache
@require_safe
def calls(request):
    """Show what is open, what is coming, and what was; `?after=<cursor>` pages the past on."""
    now, rows = timezone.now(), Call.objects.select_related("department")
    past = LATEST.page(rows.over(now), request.GET.get("after", ""), PAGE)
    context = {
        "taking": rows.taking(now),
        "coming": rows.coming(now),
        "past": past.rows,
        "after": past.after,
        "is_first": not request.GET.get("after"),
        "notices": PublicNotice.objects.filter(state__in=OPEN)
        .select_related("call")
        .order_by("ends_on", "pk"),
    }
    return render(request, "calls/list.html", context)


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def call(request, code):
    """Show one call and why its reader can or cannot apply; POST begins her application."""
    found = get_object_or_404(
        Call.objects.published().select_related("department").prefetch_related("stages"), code=code
    )
    now, user = timezone.now(), request.user
    if request.method == "POST":
        return _begin(request, found, now)
    talent = own_record(user) if user.is_authenticated else None
    mine = Application.objects.filter(call=found, talent=talent).first() if talent else None
    if user.is_authenticated:
        why_not = rules.why_not_apply(found, talent, now)
    else:
        why_not = rules.why_not_taking(found, now)
    context = {
        "call": found,
        "mine": mine,
        "why_not": why_not,
        "is_taking": found.is_taking(now),
        "stages": found.stages.all(),
        "conditions": conditions.sentences(found),
        "requirements": found.requirements.all(),
        "is_endorsed": found.is_endorsed,
        "nominations": _open_nominations(found, talent),
        "may_nominate": user.is_authenticated
        and not nominating_rules.why_not_nominate_here(found, "third", now),
        "speaks_for_unit": user.has_perm(nominating_rules.FOR_UNIT) and _concerns_units(found),
        "fields": found.fields.all(),
        "follow_steps": found.follow_steps.all(),
        "joint": found.joint_departments.all(),
        "notices": _notices(found),
    }
    return render(request, "calls/call.html", context)


def _open_nominations(call, talent):
    """Return who brings her forward here and waits for her answer."""
    return [
        one
        for one in nominating_rules.of_woman(talent)
        if one.call_id == call.pk and one.stands and one.answer != "agreed"
    ]


def _concerns_units(call):
    return call.is_endorsed or "unit" in call.sources


def _notices(call):
    """Return what of a call is or was made known, the newest first."""
    rows = list(call.notices.published().exclude(state="withdrawn"))
    for notice in rows:
        notice.call = call
    return rows


def _begin(request, found, now):
    if not request.user.is_authenticated:
        return redirect("call", found.code)
    talent = own_record(request.user)
    try:
        mine = operations.start_application(call=found, talent=talent, by=request.user, now=now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("call", found.code)
    return redirect("application", mine.code)


@needs("calls.view_call")
@never_cache
@require_safe
def preview(request, code):
    """Show staff a call's form as she will see it; nothing of it is kept."""
    found = get_object_or_404(Call.objects.visible_to(request.user), code=code)
    context = {
        "call": found,
        "form": ApplicationForm(call=found, answers={}),
        "about": SubjectForm(application=Application(call=found)),
        "conditions": conditions.sentences(found),
    }
    return render(request, "calls/preview.html", context)


@signed_in
@never_cache
@require_safe
def my_applications(request):
    """Show her applications, the newest first."""
    mine = Application.objects.filter(talent__user=request.user).select_related("call")
    page = NEWEST.page(mine, request.GET.get("after", ""), PAGE)
    return render(request, "calls/mine.html", {"page": page})


def _hers(request, code):
    rows = Application.objects.select_related(
        "call__department", "talent__unit", "talent__user", "opinion"
    ).prefetch_related("call__stages")
    return get_object_or_404(rows.filter(talent__user=request.user), code=code)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request, code):
    """Show her application; POST keeps what she typed, and hands it in where she pressed that.

    A save the page makes by itself while she types (htmx) is answered with the checklist alone.
    """
    mine, now = _hers(request, code), timezone.now()
    answers, why_not = answers_of(mine), rules.why_not_save(mine, now)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ApplicationForm(*posted, call=mine.call, answers=answers, application=mine)
    about = SubjectForm(*posted[:1], application=mine)
    if posted:
        if (done := _save(request, mine, form, about, now)) is not None:
            return done
        answers = answers_of(mine)
    elif not why_not:
        form.say_wrong(answers)
    context = {
        "application": mine,
        "call": mine.call,
        "form": form,
        "marks": form.marks(answers),
        "changes": together_views.changes(mine),
        "about": about,
        "is_endorsed": mine.call.is_endorsed,
        "opinion": getattr(mine, "opinion", None),
        "nominations": mine.nominations.agreed().select_related("unit", "nominator"),
        "subject_facts": documents.subject_facts(mine),
        "answers": _shown(mine, form) if why_not else (),
        "why_not": why_not,
        "lacking": [] if why_not else form.lacking(answers | form.typed(), about),
        "returned": mine.returns.prefetch_related("items__field").first(),
        "unmet": mine.unmet.all() if mine.state == "refused" else (),
        "others": check_views.others(mine.call, mine.talent, now) if mine.is_turned_down else (),
        "may_go_on": mine.state == "withdrawn" and mine.call.is_taking(now),
        "may_withdraw": rules.why_not_withdraw(mine) is None,
        "history": history.of(mine, reader=request.user),
        "notice": _notice_of(mine),
        "dues": mine.dues.select_related("step") if mine.state == "awarded" else (),
    }
    status = 422 if posted and (form.errors or about.errors) else 200
    return render(request, "calls/application.html", context, status=status)


def _shown(application, form):
    """Return [(line, text, files)] of an application as it stands."""
    words = words_of(application, form.lines)
    return [
        (
            line,
            "" if line.is_file else words.get(line.pk, ""),
            [one for one in form.attached if one.field_id == line.pk],
        )
        for line in form.lines
    ]


def _notice_of(application):
    """Return the public notice she stands in that runs or has ended, None where she stands in none."""
    entries = application.entries.filter(struck_at=None).exclude(notice__state="withdrawn")
    entry = entries.select_related("notice__call").order_by("-pk").first()
    return entry and entry.notice


def _save(request, mine, form, subject, now):
    """Keep what can be kept and say at its place what cannot or will not do; hand it in where she pressed that.

    Returns the answer, None where the page is to be shown with what is wrong.
    """
    about = {"application": mine, "by": request.user, "now": now}
    form.full_clean()
    try:
        clashes = _keep(request, form, subject, about)
    except DomainError as error:
        error.add_to(subject if error.field in subject.fields else form)
        return None
    if request.htmx and "submit" not in request.POST:
        return together_views.saved_in_place(request, mine, form, clashes, subject)
    form.say_clashes(clashes)
    if "submit" not in request.POST:
        return _saved(request, mine, form, subject)
    form.say_missing(answers_of(mine))
    if form.errors or subject.errors:
        return None
    try:
        operations.submit_application(**about)
    except DomainError as error:
        error.add_to(subject if error.field in subject.fields else form)
        return None
    messages.success(request, _("已提交。受理和结果都会通知您。"))
    return redirect("application", mine.code)


def _keep(request, form, subject, about):
    """Keep what was typed and sent, each for itself; return what clashes. Raises DomainError where nothing may be kept."""
    kept = operations.save_answers(
        answers=form.answers(), seen=form.seen(), **form.about(), **about
    )
    subject.full_clean()
    if subject.fields:
        operations.describe_subject(values=subject.values(), **about)
    for line, sent in form.sent():
        try:
            operations.attach_files(field=line, sent=sent, **about)
        except DomainError as error:
            error.add_to(form, fallback=line.key)
    removed = request.POST.get("remove_file", "")
    if gone := about["application"].attachments.filter(code=removed).first():
        operations.detach_file(attachment=gone, by=about["by"], now=about["now"])
    return kept.clashes


def _saved(request, mine, form, subject):
    """Lead her back to the page of her application; None where something could not be kept, which stands on the page alone."""
    if form.errors or subject.errors:
        return together_views.say_unkept(request)
    together_views.say_saved(request, form)
    return redirect(mine.get_absolute_url() + together_views.at_line(request, form))


@signed_in
@never_cache
@require_safe
def attachment(request, code):
    """Send her a file of her application; staff fetch it in the admin, reviewers from their sheet."""
    hers = Attachment.objects.select_related("application__talent")
    found = get_object_or_404(hers.filter(application__talent__user=request.user), code=code)
    name, data = operations.read_file(attachment=found, by=request.user)
    return download(data, name)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, code):
    """Ask her whether she takes her application back; POST does."""
    mine = _hers(request, code)
    if request.method == "POST":
        try:
            operations.withdraw_application(application=mine, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤回。截止以前可以接着填写，重新提交。"))
        return redirect("application", mine.code)
    if error := rules.why_not_withdraw(mine):
        messages.error(request, str(error))
        return redirect("application", mine.code)
    return render(request, "calls/withdraw.html", {"application": mine, "call": mine.call})


@signed_in
@never_cache
@require_safe
def application_file(request, code, kind):
    """Send her application as a file to print or to go on with."""
    mine = _hers(request, code)
    if kind not in documents.KINDS:
        raise Http404
    return download(*documents.made(mine, kind))
