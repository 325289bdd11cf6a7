"""What all pages share: who comes in, and the page that asks before something is done."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from cloud_home import rules
from kernel.access import signed_in
from kernel.errors import DomainError

NO_INDEX = "noindex, nofollow"


def inside(view):
    """Let in whom `rules.why_not_enter` lets in; to others the address does not exist. No cache keeps what is shown."""

    @wraps(view)
    def entered(request, *args, **kwargs):
        if rules.why_not_enter(request.user):
            raise Http404
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = NO_INDEX
        return response

    return signed_in(never_cache(entered))


def ask(request, *, operation, why_not, back, done, form_class=None, initial=None, **page):
    """Show a page that asks before something is done; when its form comes back, do it, say so and go on.

    Arguments:
        operation: called as operation(by=, now=, **cleaned data); go on to where `back(result)` says.
        why_not: the DomainError the operation would raise, None where she may.
        page: title, submit, outcome, post and danger, as the template shows them.
    """
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            result = operation(by=request.user, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            error.add_to(form)
        else:
            messages.success(request, done)
            return redirect(back(result))
    elif why_not:
        messages.error(request, str(why_not))
        return redirect(back(None))
    context = page | {"form": form, "back": back(None)}
    status = 422 if form.errors else 200
    return render(request, "cloud_home/ask.html", context, status=status)


def press(request, operation, done, **about):
    """Call an operation at the press of a button and say what came of it; returns its result, None where it was refused."""
    try:
        result = operation(by=request.user, **about)
    except DomainError as error:
        messages.error(request, str(error))
        return None
    if done:
        messages.success(request, done)
    return result
