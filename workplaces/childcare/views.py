"""Nurseries for everybody; its own for the contact of a unit."""

from operator import attrgetter

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kernel.access import needs
from kernel.errors import DomainError
from kernel.keyset import Keyset
from kernel.public_pages import public_page
from workplaces.changes import undoable
from workplaces.childcare import operations, rules, shown
from workplaces.childcare.forms import ClassForm, FreeForm, NurseryForm, SearchForm
from workplaces.childcare.models import KEEP, Nursery, NurseryClass, NurseryRule
from workplaces.keeping import saved

BY_NAME = Keyset(("name", "id"))
PAGE = 20


# --- everybody -------------------------------------------------------------------------------------
def _with_classes(rows):
    classes = NurseryClass.objects.standing().order_by("pk")
    return rows.select_related("unit").prefetch_related(Prefetch("classes", classes, "standing"))


def _found(asked, today):
    """Return the nurseries the search finds for what was asked."""
    rows, classes = Nursery.objects.listed(today), NurseryClass.objects.standing()
    if words := asked["q"].strip():
        rows = rows.filter(
            Q(name__icontains=words) | Q(district__icontains=words) | Q(address__icontains=words)
        )
    if asked["subsidised"]:
        rows = rows.filter(subsidised=True)
    if asked["free"]:
        classes = classes.with_free(today)
    if asked["band"]:
        classes = classes.filter(band=asked["band"])
    if asked["free"] or asked["band"]:
        rows = rows.filter(pk__in=classes.values("nursery"))
    return rows


@public_page
@require_safe
def nurseries(request):
    """List the nurseries somebody confirmed within a year, narrowed by what is asked."""
    today, form = timezone.localdate(), SearchForm(request.GET)
    rows = _found(form.cleaned_data, today) if form.is_valid() else Nursery.objects.none()
    page = BY_NAME.page(_with_classes(rows), request.GET.get("after", ""), PAGE)
    for nursery in page.rows:
        shown.with_free_words(nursery.standing, today)
    asked = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "page": page, "asked": asked}
    return render(request, "workplaces/childcare/list.html", context)


@public_page
@require_safe
def nursery(request, pk):
    """Show one nursery, its classes and the standard they are held to; one nobody confirmed for a year says so."""
    today = timezone.localdate()
    found = get_object_or_404(_with_classes(Nursery.objects.registered()), pk=pk)
    context = {
        "nursery": found,
        "classes": shown.with_free_words(found.standing, today),
        "is_confirmed": found.is_confirmed(today),
        "rules": NurseryRule.objects.in_force(today).order_by("pk"),
    }
    return render(request, "workplaces/childcare/nursery.html", context)


# --- the contact of a unit -------------------------------------------------------------------------
@needs(KEEP)
@never_cache
@require_safe
def my_nurseries(request):
    """List the nurseries of the contact's unit."""
    rows = Nursery.objects.of_contact(request.user).order_by("name", "pk")
    context = {
        "rows": rows[:100],
        "today": timezone.localdate(),
        "why_not": rules.why_not_unit(request.user.unit, request.user),
    }
    return render(request, "workplaces/childcare/mine.html", context)


def _own(request, pk):
    return get_object_or_404(Nursery.objects.of_contact(request.user), pk=pk)


def _form_page(request, form, **context):
    status = 422 if form.errors else 200
    context |= {"form": form}
    return render(request, "workplaces/childcare/form.html", context, status=status)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_nursery(request):
    """Take an entry for the contact's unit."""
    unit = request.user.unit
    form = NurseryForm(request.POST if request.method == "POST" else None)
    if made := saved(form, operations.save_nursery, unit=unit, by=request.user):
        messages.success(request, _("已保存。主管部门核实备案后公布；现在可以加上班级。"))
        return redirect("my_nursery", made.pk)
    why_not = rules.why_not_unit(unit, request.user)
    return _form_page(request, form, title=_("登记托育机构"), why_not=why_not)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_nursery(request, pk):
    """Take a correction."""
    found = _own(request, pk)
    # An instance of its own: a form writes what was typed into it.
    form = NurseryForm(
        request.POST if request.method == "POST" else None, instance=_own(request, pk)
    )
    if saved(form, operations.save_nursery, nursery=found, by=request.user):
        messages.success(request, _("已保存，从今天起一年内查得到。"))
        return redirect("my_nursery", found.pk)
    return _form_page(request, form, title=_("修改托育机构"), nursery=found)


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_class(request, pk):
    """Take a class."""
    found = _own(request, pk)
    form = ClassForm(request.POST if request.method == "POST" else None)
    if saved(form, operations.save_class, nursery=found, by=request.user):
        messages.success(request, _("已保存。"))
        return redirect("my_nursery", found.pk)
    return _form_page(request, form, title=_("新开班级"), nursery=found, rules=_rules())


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_class(request, pk, klass):
    """Take a correction of a class."""
    found = _own(request, pk)
    row = get_object_or_404(found.classes.standing(), pk=klass)
    form = ClassForm(
        request.POST if request.method == "POST" else None,
        instance=found.classes.get(pk=row.pk),
    )
    if saved(form, operations.save_class, nursery=found, klass=row, by=request.user):
        messages.success(request, _("已保存。"))
        return redirect("my_nursery", found.pk)
    return _form_page(request, form, title=_("修改班级"), nursery=found, rules=_rules())


def _rules():
    return NurseryRule.objects.in_force(timezone.localdate()).order_by("pk")


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nursery_free(request, pk, klass):
    """Take how many places of a class are free today."""
    found = _own(request, pk)
    row = get_object_or_404(found.classes.standing(), pk=klass)
    form = FreeForm(request.POST if request.method == "POST" else None, initial={"free": row.free})
    if form.is_valid():
        try:
            operations.state_free(
                klass=row, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, _("已更新，30 天内这样显示。"))
            return redirect("my_nursery", found.pk)
    title = _("%(name)s：空余托位") % {"name": row.name}
    return _form_page(request, form, title=title, nursery=found)


ACTS = {
    "confirm": (operations.confirm_nursery, "nursery", gettext_lazy("已确认，一年内查得到。")),
    "end": (operations.end_class, "klass", gettext_lazy("已停办，页面上不再显示。")),
    "restore": (operations.restore_class, "klass", gettext_lazy("已恢复。")),
    "undo": (operations.undo_change, "change", gettext_lazy("已撤销，恢复为修改前的内容。")),
}


def _acted(request, found):
    act, __, pk = request.POST.get("act", "").partition("-")
    if act not in ACTS or (act != "confirm" and not (pk.isdecimal() and len(pk) < 19)):
        raise Http404
    operation, argument, done = ACTS[act]
    rows = {"klass": found.classes, "change": found.changes}.get(argument)
    row = found if rows is None else get_object_or_404(rows.all(), pk=pk)
    try:
        operation(**{argument: row}, by=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, str(done))


@needs(KEEP)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_nursery(request, pk):
    """Show a nursery of the contact's unit with its classes and history; POST confirms, ends, restores, undoes."""
    found, today = _own(request, pk), timezone.localdate()
    if request.method == "POST":
        _acted(request, found)
        return redirect("my_nursery", found.pk)
    changes = shown.history(found)
    context = {
        "nursery": found,
        "classes": shown.with_free_words(found.classes.standing().order_by("pk"), today),
        "ended": found.classes.exclude(ended_at=None).order_by("pk"),
        "changes": changes,
        "undoable": undoable([row for row, __, ___ in changes], attrgetter("klass_id")),
        "is_confirmed": found.is_confirmed(today),
    }
    return render(request, "workplaces/childcare/own.html", context)
