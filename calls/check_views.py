"""The self-check: does a call suit me before I fill anything in."""

from itertools import islice

from django import forms
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from calls import rules, self_check
from calls.models import AnsweredBy, Application, Call
from kernel.access import public
from talents.openings import suiting
from talents.operations import own_record

MOST_OTHERS = 3


class SelfCheckForm(forms.Form):
    """The questions only she can answer."""

    def __init__(self, data=None, *, requirements):
        """Ask one question for each condition she answers herself."""
        super().__init__(data)
        self.asked = [one for one in requirements if one.answered_by == AnsweredBy.HERSELF]
        for one in self.asked:
            self.fields[one.key] = forms.ChoiceField(
                label=one.words,
                choices=self_check.ANSWERS,
                widget=forms.RadioSelect,
                error_messages={"required": _("请选一个；拿不准就选“不清楚”。")},
            )

    def answers(self):
        """Return {requirement pk: answer}."""
        return {one.pk: self.cleaned_data[one.key] for one in self.asked}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def self_check_page(request, code):
    """Ask what only she knows, then say of each condition whether she meets it. Nothing is kept."""
    call = get_object_or_404(Call.objects.published().select_related("department"), code=code)
    requirements = list(call.requirements.all())
    if not requirements:
        return redirect("call", call.code)
    user, now = request.user, timezone.now()
    talent = own_record(user) if user.is_authenticated else None
    form = SelfCheckForm(
        request.POST if request.method == "POST" else None, requirements=requirements
    )
    lines = self_check.checked(call, talent, form.answers()) if form.is_valid() else ()
    context = {
        "call": call,
        "form": form,
        "requirements": requirements,
        "lines": lines,
        "is_met": self_check.is_met(lines),
        "others": [] if self_check.is_met(lines) else others(call, talent, now),
        "mine": talent and Application.objects.filter(call=call, talent=talent).first(),
        "why_not": lines and user.is_authenticated and rules.why_not_apply(call, talent, now),
    }
    return render(request, "calls/self_check.html", context, status=422 if form.errors else 200)


def others(call, talent, now):
    """Return what else is open to a woman (her Talent or None), a few Openings, this call not among them."""
    if talent is None:
        return []
    found = (one for one in suiting(talent, now) if one.link != call.get_absolute_url())
    return list(islice(found, MOST_OTHERS))
