"""Where reviewers work: their panels, one panel, one sheet. Everything is found among what is assigned to the reader."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from calls import blind, operations, review_rules
from calls.models import Assignment, Reviewer
from calls.review_forms import DeclarationForm, RecognisedForm, ScoreForm
from kernel.access import needs
from kernel.downloads import download
from kernel.errors import DomainError, Refused

PERMISSION = "calls.score_review"
GOING = Q(assignments__removed_at=None, assignments__recused_at=None)


@needs(PERMISSION)
@never_cache
@require_safe
def reviews(request):
    """Show the panels the reader sits on, the newest first."""
    seats = (
        Reviewer.objects.of(request.user)
        .filter(review__judging_since__isnull=False)
        .select_related("review__stage__call")
        .annotate(
            sheets=Count("assignments", filter=GOING),
            done=Count("assignments", filter=GOING & Q(assignments__handed_in_at__isnull=False)),
        )
        .order_by("-pk")[:50]
    )
    return render(request, "calls/review/list.html", {"seats": seats})


def _seat(request, code):
    rows = Reviewer.objects.of(request.user).select_related("review__stage__call", "user")
    return get_object_or_404(rows.filter(review__judging_since__isnull=False), code=code)


@needs(PERMISSION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request, code):
    """Show a panel: the declaration first, then her sheets; POST declares, opens a file or hands in."""
    seat, now = _seat(request, code), timezone.now()
    review = seat.review
    sheets = list(
        Assignment.objects.of(request.user)
        .filter(reviewer=seat)
        .select_related("candidate__application__talent__unit", "reviewer")
        .order_by("candidate__number")
    )
    waiting = [one for one in sheets if one.is_standing and one.declared_at is None]
    is_declaring = request.method == "POST" and "declare" in request.POST
    form = DeclarationForm(
        request.POST if is_declaring else None, sheets=waiting, is_blind=review.is_blind
    )
    if request.method == "POST" and (done := _act(request, seat, sheets, form, now)):
        return done
    going = [one for one in sheets if one.is_standing]
    context = {
        "seat": seat,
        "review": review,
        "call": review.call,
        "sheets": sheets,
        "waiting": waiting,
        "form": form,
        "why_not": review_rules.why_not_judge(seat, now),
        "unfinished": {one.pk for one in review_rules.incomplete(seat)},
        "to_hand_in": [one for one in going if not one.handed_in_at],
        "done": sum(one.handed_in_at is not None for one in going),
        "count": len(going),
        "is_late": review.due_at < now,
    }
    return render(request, "calls/review/panel.html", context, status=422 if form.errors else 200)


def _act(request, seat, sheets, form, now):
    """Do what was pressed; return where it leads, None where the page is shown again with what is wrong."""
    about = {"by": request.user, "now": now}
    here = redirect("review_panel", seat.code)
    try:
        if "declare" in request.POST:
            if not form.is_valid():
                return None
            operations.declare_interests(reviewer=seat, answers=form.answers(), **about)
            messages.success(request, _("已声明。可以打开材料了。"))
        elif "open" in request.POST:
            sheet = next((s for s in sheets if s.code == request.POST["open"]), None)
            if sheet:
                operations.open_file(assignment=sheet, **about)
                return redirect("review_sheet", sheet.code)
        else:
            operations.hand_in(reviewer=seat, **about)
            messages.success(request, _("评分已提交，谢谢您。"))
    except DomainError as error:
        if "declare" in request.POST:
            error.add_to(form)
            return None
        messages.error(request, str(error))
    return here


def _sheet(request, code):
    rows = Assignment.objects.of(request.user).select_related(
        "reviewer__review__stage__call",
        "reviewer__user",
        "candidate__application__call",
        "candidate__application__talent__unit",
    )
    sheet = get_object_or_404(rows, code=code)
    sheet.candidate.review = sheet.reviewer.review
    return sheet


@needs(PERMISSION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request, code):
    """Show an application and its sheet; POST keeps what she typed. Before she opened it nothing of it is shown.

    A save the page makes by itself while she types (htmx) is answered with what is lacking alone.
    """
    mine, now = _sheet(request, code), timezone.now()
    review = mine.reviewer.review
    if why_not := review_rules.why_not_read(mine, now):
        messages.error(request, str(why_not))
        return redirect("review_panel", mine.reviewer.code)
    criteria = list(review.criteria.all())
    kept = {row.criterion_id: row for row in mine.scores.all()}
    form = ScoreForm(request.POST or None, criteria=criteria, kept=kept)
    closed = review_rules.why_not_score(mine, now)
    if request.method == "POST" and (done := _save(request, mine, form, now)):
        return done
    context = {
        "sheet": mine,
        "review": review,
        "call": review.call,
        "lines": blind.lines(mine.candidate, is_blind=review.is_blind),
        "form": form,
        "criteria": [(one, kept.get(one.pk)) for one in criteria],
        "lacking": [one for one in criteria if not _is_given(kept.get(one.pk))],
        "closed": closed,
    }
    return render(request, "calls/review/sheet.html", context, status=422 if form.errors else 200)


@needs(PERMISSION)
@never_cache
@require_safe
def sheet_file(request, code, file):
    """Send a file of an application to the reviewer who has opened it, under a name that says nothing of whose it is."""
    mine, now = _sheet(request, code), timezone.now()
    try:
        name, data = operations.read_reviewed(assignment=mine, code=file, by=request.user, now=now)
    except Refused as error:
        raise PermissionDenied from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("review_panel", mine.reviewer.code)
    return download(data, name)


def _is_given(score):
    return score is not None and score.value is not None


def _save(request, mine, form, now):
    """Keep what is valid of what came; what is not stays on the page with its sentence."""
    is_valid = form.is_valid()
    try:
        operations.save_scores(assignment=mine, scores=form.scores(), by=request.user, now=now)
    except DomainError as error:
        error.add_to(form)
        return None
    if request.htmx:
        kept = {row.criterion_id: row for row in mine.scores.all()}
        lacking = [one for one in form.criteria if not _is_given(kept.get(one.pk))]
        wrong = [str(sentence) for sentences in form.errors.values() for sentence in sentences]
        context = {"lacking": lacking, "wrong": wrong, "saved_at": now}
        return render(request, "calls/review/lacking.html", context)
    if not is_valid:
        return None
    messages.success(request, _("已保存。全部评完后，在评审页一起提交。"))
    return redirect("review_panel", mine.reviewer.code)


@needs(PERMISSION)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recognised(request, code):
    """Ask what stands between her and an applicant she recognised; POST says so."""
    mine, now = _sheet(request, code), timezone.now()
    if error := review_rules.why_not_open(mine, now):
        messages.error(request, str(error))
        return redirect("review_panel", mine.reviewer.code)
    form = RecognisedForm(request.POST or None)
    if form.is_valid():
        try:
            done = operations.declare_recognised(
                assignment=mine, by=request.user, now=now, **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            said = _("已记录，您不再评这份申报。") if done.recused_at else _("已记录，可以继续评。")
            messages.success(request, said)
            return redirect("review_panel", mine.reviewer.code)
    context = {"sheet": mine, "form": form}
    status = 422 if form.errors else 200
    return render(request, "calls/review/recognised.html", context, status=status)
