"""The contact of a school has a class answer; a pupil answers by the class's code, known to nobody."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kernel import ids, qr
from kernel.access import needs, public
from kernel.errors import DomainError
from outreach.requests.models import ASK, SchoolRequest
from outreach.surveys import operations, rules, shown
from outreach.surveys.forms import AnswerForm, CardsForm, CodeForm
from outreach.surveys.models import Moment, SurveyRound

PAGE = "outreach/surveys/"


def _own(request, code):
    rows = SchoolRequest.objects.of_contact(request.user).select_related("unit")
    return get_object_or_404(rows, code=code)


def _moments(found, now):
    """Return [(moment, its round or None, why it cannot be done now)]."""
    rounds = {one.moment: one for one in found.rounds.all()}
    return [
        (moment, rounds.get(moment.value), rules.why_not_begin(found, moment.value, now))
        for moment in Moment
    ]


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_survey(request, code):
    """Show what a class answered and what can be done now; POST opens or closes a code, or empties a round."""
    found, now = _own(request, code), timezone.now()
    if request.method == "POST":
        _acted(request, found, now)
        return redirect("class_survey", code)
    rounds = list(found.rounds.prefetch_related("drawings").order_by("pk"))
    context = {
        "found": found,
        "moments": _moments(found, now),
        "open": [(one, qr.svg(_address(request, one))) for one in rounds if _is_open(one, now)],
        "rounds": rounds,
        "lines": shown.of_class(rounds) if rounds else [],
        "drawings": [(one, shown.drawings_of(one)) for one in rounds if one.drawings.all()],
    }
    return render(request, PAGE + "own.html", context)


def _is_open(round_, now):
    return round_.code is not None and round_.closes_at > now


def _address(request, round_):
    return request.build_absolute_uri(reverse("class_answer", args=[round_.code]))


def _acted(request, found, now):
    act, __, moment = request.POST.get("act", "").partition("-")
    if act not in ("open", "close", "empty") or moment not in Moment.values:
        raise Http404
    given = {"by": request.user, "now": now}
    try:
        if act == "open":
            operations.open_code(request=found, moment=moment, **given)
        else:
            round_ = found.rounds.filter(moment=moment).order_by("-pk").first()
            if round_ is None:
                raise Http404
            do = operations.close_code if act == "close" else operations.empty_round
            do(round=round_, **given)
    except DomainError as error:
        messages.error(request, str(error))


@needs(ASK)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey_cards(request, code, moment):
    """Take raised cards and drawings, counted."""
    found, now = _own(request, code), timezone.now()
    if moment not in Moment.values:
        raise Http404
    before = found.rounds.filter(moment=moment).order_by("-pk").first()
    form = CardsForm(request.POST if request.method == "POST" else None, **_counted(before))
    why_not = rules.why_not_begin(found, moment, now)
    if form.is_valid() and not why_not:
        try:
            operations.enter_cards(
                request=found, moment=moment, by=request.user, now=now, **form.values
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("class_survey", code)
    context = {"found": found, "moment": Moment(moment), "form": form, "why_not": why_not}
    return render(request, PAGE + "cards.html", context, status=422 if form.errors else 200)


def _counted(round_):
    if round_ is None or not round_.by_cards:
        return {}
    return {
        "counts": {(c.sex, c.question, c.answer): c.number for c in round_.counts.all()},
        "drawings": {(d.sex, d.drawn): d.number for d in round_.drawings.all()},
    }


# --- a pupil ---------------------------------------------------------------------------------------
@public
@never_cache
@require_http_methods(["GET", "HEAD"])
def class_code(request):
    """Ask for the class's code, where it was not scanned."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("class_answer", ids.tidy(form.cleaned_data["code"]) or "-")
    return render(request, PAGE + "code.html", {"form": form})


@csrf_exempt  # it carries nothing of anybody's: a token would need a cookie, and here nobody has one
@public
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def class_answer(request, code):
    """Ask one pupil three questions and count the answers up. No cookie is set or read, nothing of whoever answers is kept."""
    now = timezone.now()
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        raise Http404
    is_open = SurveyRound.objects.open(now).filter(code=code).exists()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    done = False
    if is_open and form.is_valid():
        try:
            operations.answer(code=code, now=now, **form.values)
            done = True
        except DomainError as error:
            error.add_to(form)
    context = {"form": form, "open": is_open, "done": done}
    status = 422 if form.errors else 200 if is_open else 404
    return render(request, PAGE + "answer.html", context, status=status)
