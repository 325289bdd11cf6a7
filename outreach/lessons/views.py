"""The library for everybody, and what to keep in mind before a class."""

from django import forms
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kernel import markdown
from kernel.keyset import Keyset
from kernel.public_pages import public_page
from outreach.lessons.models import Lesson, LessonKind
from outreach.volunteers.models import Stage

NEWEST = Keyset(("-id",))
PAGE = 20
ANY = ("", _("不限"))


class SearchForm(forms.Form):
    """What the list is narrowed by."""

    q = forms.CharField(label=_("题目"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=[ANY, *LessonKind.choices], required=False)
    stage = forms.ChoiceField(label=_("学段"), choices=[ANY, *Stage.choices], required=False)
    minutes = forms.TypedChoiceField(
        label=_("时间"),
        choices=[ANY, ("20", _("20 分钟以内")), ("45", _("45 分钟以内")), ("90", _("90 分钟以内"))],
        coerce=int,
        empty_value=None,
        required=False,
    )


def _found(asked):
    rows = Lesson.objects.shown().select_related("shown")
    if words := asked["q"].strip():
        rows = rows.filter(Q(shown__title__icontains=words) | Q(shown__title_en__icontains=words))
    for name in ("kind", "stage"):
        if asked[name]:
            rows = rows.filter(**{f"shown__{name}": asked[name]})
    return rows.filter(shown__minutes__lte=asked["minutes"]) if asked["minutes"] else rows


@public_page
@require_safe
def lessons(request):
    """List what two people reviewed, narrowed by what is asked."""
    form = SearchForm(request.GET)
    rows = _found(form.cleaned_data) if form.is_valid() else Lesson.objects.none()
    page = NEWEST.page(rows, request.GET.get("after", ""), PAGE)
    asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "asked": asked}
    return render(request, "outreach/lessons/list.html", context)


@public_page
@require_safe
def lesson(request, code):
    """Show one lesson: what it takes, how it goes, what may go wrong."""
    found = get_object_or_404(Lesson.objects.shown().select_related("shown"), code=code)
    version = found.shown
    context = {
        "lesson": found,
        "version": version,
        **{name: markdown.html(getattr(version, name)) for name in ("materials", "body", "risks")},
    }
    return render(request, "outreach/lessons/lesson.html", context)


@public_page
@require_safe
def speakers_guide(request):
    """Say what to keep in mind before standing in front of a class."""
    return render(request, "outreach/lessons/guide.html")
