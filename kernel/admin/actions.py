"""Operations called from buttons and from the actions of a list."""

from django.contrib import messages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from kernel.changes import watched
from kernel.errors import DomainError

UNCHANGED = _("此前已经处理，这次没有变化。")
COUNT_UNCHANGED = ngettext_lazy(
    "%(count)s 条此前已经处理，这次没有变化。", "%(count)s 条此前已经处理，这次没有变化。", "count"
)


def attempt(request, operation, done="", **about):
    """Call operation(by=, now=, **about) at the press of a button and say what came of it.

    Returns the operation's result, None when it was refused.
    """
    try:
        with watched() as verbs:
            result = operation(by=request.user, now=timezone.now(), **about)
    except DomainError as error:
        messages.error(request, str(error))
        return None
    say(request, done, changed=bool(verbs))
    return result


def say(request, done, *, changed):
    """Say what was done; where nothing was left to do, say that instead."""
    if not done:
        return
    if changed:
        messages.success(request, done)
    else:
        messages.info(request, UNCHANGED)


def for_each(request, rows, operation, argument, *, done="", name=str):
    """Call an operation for each ticked row, which is its `argument`, and say what came of it.

    Each row stands for itself: one that is refused is named (`name(row)`) with the reason and undoes
    nothing of the others. `done`, an ngettext_lazy with "count", is said of those that really
    changed; those where nothing was left to do are counted apart. Returns the operation's results
    for those that changed.
    """
    results, unchanged = [], 0
    for row in rows.order_by("pk"):
        try:
            with transaction.atomic(), watched() as verbs:
                result = operation(**{argument: row}, by=request.user, now=timezone.now())
        except DomainError as error:
            messages.error(request, f"{name(row)} — {error}")
            continue
        if verbs:
            results.append(result)
        else:
            unchanged += 1
    if results and done:
        messages.success(request, done % {"count": len(results)})
    if unchanged:
        messages.info(request, COUNT_UNCHANGED % {"count": unchanged})
    return results
