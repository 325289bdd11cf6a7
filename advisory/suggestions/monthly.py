"""Suggestions in the monthly report: what came in, what was answered and in time, what was taken up."""

from django.db.models import F
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from advisory.suggestions.models import Adoption, Authorship, Reply, ReplyState, Suggestion
from kernel.days import within
from kernel.portal import People


def counts(start, end):
    """Count the month [start, end). Each is moved by what a woman wrote, so women stand behind all of them."""
    return {
        "suggested": _people(_suggested, start, end),
        "suggestions_answered": _people(_answered, start, end),
        "suggestions_in_time": _people(_in_time, start, end),
        "suggestions_adopted": _people(_adopted, start, end),
    }


def _people(find, start, end):
    """Return how many suggestions `find` finds in a month, with the women who wrote those it finds since a moment."""
    return People(
        find(start, end).count(),
        behind=lambda since: _authors(find(max(start, since) if since else start, end)),
    )


def _authors(suggestions):
    hers = Authorship.objects.filter(suggestion__in=suggestions.values("pk"))
    return hers.values("user").distinct().count()


def _suggested(start, end):
    return Suggestion.objects.filter(**within("sent_at", start, end))


def _signed(start, end):
    """Return the first version of each reply signed in the month."""
    signed = (ReplyState.SIGNED, ReplyState.REPLACED)
    rows = Reply.objects.filter(state__in=signed, corrects=None)
    return rows.filter(**within("signed_at", start, end))


def _answered(start, end):
    return Suggestion.objects.filter(pk__in=_signed(start, end).values("suggestion"))


def _in_time(start, end):
    rows = _signed(start, end).annotate(on=TruncDate("signed_at")).filter(on__lte=F("due_on"))
    return Suggestion.objects.filter(pk__in=rows.values("suggestion"))


def _adopted(start, end):
    rows = Adoption.objects.confirmed().filter(**within("confirmed_at", start, end))
    return Suggestion.objects.filter(pk__in=rows.values("suggestion"))


def lines(figures):
    """Return the numbers of the month as (words, number, unit); a month counted before there were any has none."""
    if "suggested" not in figures:
        return ()
    return (
        (_("收到的建言"), figures["suggested"], _("件")),
        (_("答复的建言"), figures["suggestions_answered"], _("件")),
        (_("其中期限内答复的"), figures["suggestions_in_time"], _("件")),
        (_("采纳的建言"), figures["suggestions_adopted"], _("件")),
    )
