"""One record as its clerk reads it: who she is, what to check, what may be done, what happened."""

from collections import Counter
from urllib.parse import urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html_join
from django.utils.timezone import is_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.admin.queue import capped
from kernel.portal import MOST_COUNTED
from kernel.words import clauses, listed
from privacy import history
from talents import checks, honours, life_admin, operations, undo_admin, versions
from talents.career import admin as career
from talents.career import shown
from talents.erasure import operations as erasure
from talents.models import Talent, TalentState

GRANTED = "granted"  # no field of the record: what the apps above know (talents.honours)
GROUPS = (
    (
        gettext_lazy("个人与身份"),
        ("birth_month", "political_status", "masked_id_number", "masked_phone", "masked_email"),
    ),
    (
        gettext_lazy("单位与职务"),
        (
            "unit",
            "position",
            "unit_since",
            "professional_title",
            "title_level",
            "title_since",
            "tier",
        ),
    ),
    (
        gettext_lazy("专业与研究"),
        (
            "education_level",
            "degree",
            "school_and_major",
            "graduated",
            "discipline",
            "discipline_detail",
            "industry",
            "industry_division",
            "research_fields",
            "overseas_detail",
            "honours",
            GRANTED,
            "remark",
        ),
    ),
    (
        gettext_lazy("来历"),
        (
            "source",
            "department",
            "user",
            "submitted_at",
            "verified_at",
            "verified_by",
            "updated_at",
            "confirmed_at",
            "confirmed_by",
            "confirm_from",
            "code",
        ),
    ),
)
# Pages of the record and the rule each asks before it is offered; the first that is due is the main one.
ACTIONS = (
    ("verify", gettext_lazy("审核通过"), operations.why_not_verify),
    ("send_back", gettext_lazy("退回补充"), operations.why_not_verify),
    ("correct", gettext_lazy("更正档案"), operations.why_not_correct),
    ("hand_over", gettext_lazy("转交部门"), operations.why_not_decide),
    *undo_admin.ACTIONS,
    *life_admin.ACTIONS,
    ("erase", gettext_lazy("办理删除个人信息"), erasure.why_not_ask_for),
)


def context(talent, *, admin, request):
    """Return what the page shows of a record to the reader of `request`."""
    reader, groups, missing = request.user, [], []
    for title, names in GROUPS:
        facts = [_fact(talent, name) for name in names]
        there = [fact for fact in facts if fact[1]]
        of_record = [fact for fact in there if fact[2] != GRANTED]
        groups.append((title, there, _usual_source(of_record)))
        missing += [label for label, said, name, _source in facts if not said and name in ASKED_FOR]
    found = checks.about(talent, reader)
    return {
        "talent": talent,
        "listed": life_admin.listed_words(talent) if talent.is_checked else "",
        "groups": groups,
        "career": career.of_record(talent, admin=admin, request=request),
        "missing": listed(missing),
        "against": [check for check in found if check.weight != checks.FOR],
        "for": [check for check in found if check.weight == checks.FOR],
        "actions": actions(talent, admin=admin, request=request),
        "why_no_decision": _why_no_decision(talent, reader),
        "versions": versions.changes(talent),
        "lines": history.of(talent, reader=reader),
        "queue": queue(talent, admin=admin, request=request),
    }


SAID = frozenset(name for _title, names in GROUPS[:3] for name in names)
ASKED_FOR = SAID - {
    "tier",
    "remark",
    "honours",
    GRANTED,
    "unit_since",
    "title_since",
    "graduated",
    "discipline_detail",
    "industry_division",
}


def _usual_source(facts):
    """Return the source most facts of a group have, said once for all of it; those of another say so themselves.

    "" where one has none: it would be taken for the others'.
    """
    sources = Counter(said for *_fact, said in facts)
    return sources.most_common(1)[0][0] if sources and "" not in sources else ""


def _fact(talent, name):
    """Return (label, the fact in words, its name, where it comes from)."""
    if name == "user":
        claimed = talent.user.code if talent.user else _("尚未认领")
        return _("本人账号"), claimed, name, ""
    if name == GRANTED:
        return (
            _("授予或登记的荣誉"),
            listed(line for _name, line in honours.granted(talent)),
            name,
            "",
        )
    said = shown.source(talent, name) if name in SAID else ""
    return shown.label(talent, name), shown.value(talent, name), name, said


def _why_no_decision(talent, reader):
    """Say why no decision is offered: her own record, another one's right; a decided record says itself."""
    if talent.state != TalentState.SUBMITTED:
        return ""
    return operations.why_not_verify(talent, reader) or ""


def actions(talent, *, admin, request):
    """Return the (words, address, is the main one) of what the reader may do with a record now."""
    kept = kept_query(admin, request)
    looked_at = ("&" if kept else "?") + urlencode({"seen": stamp(talent)})
    offered = [
        (words, admin.address(name, talent.pk) + kept + looked_at, number == 0)
        for number, (name, words, why_not) in enumerate((*ACTIONS, *admin.merging))
        if why_not(talent, request.user) is None
    ]
    if admin.has_reveal_permission(request):
        offered.append((_("查看完整号码"), admin.address("reveal", talent.pk) + kept, False))
    return offered


# --- what the clerk has read is what she decides on ------------------------------------------------
def stamp(talent):
    """Return the version of a record, as decision pages carry it."""
    return talent.updated_at.isoformat()


def seen(request):
    """Return when the record was last changed as the clerk read it (datetime); None where the page does not say."""
    return _moment(request.POST.get("seen") or request.GET.get("seen", ""))


def stamps(rows):
    """Return the (name, value) pairs a page about many records carries: the version of each."""
    return [("seen", f"{row.pk} {stamp(row)}") for row in rows]


def seen_of_each(request):
    """Return {pk: when it was last changed as it was read} of what `stamps` carried."""
    pairs = (text.partition(" ") for text in request.POST.getlist("seen"))
    return {pk: _moment(text) for pk, _space, text in pairs}


def _moment(text):
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and is_aware(moment) else None


def to_check(talent, reader):
    """Return [(label, sentences)] of what somebody should look at before deciding; [] where there is nothing."""
    texts = [check.text for check in checks.about(talent, reader) if check.weight != checks.FOR]
    return (
        [(_("需要核对"), format_html_join("", "<p>{}</p>", ((text,) for text in texts)))]
        if texts
        else []
    )


def changed_since(talent, moment, *, reader):
    """Return [(label, sentences)] of what happened to a record since it was read; [] where nothing did."""
    if operations.why_not_current(talent, moment) is None:
        return []
    lines = [line.sentence for line in history.of(talent, reader=reader) if line.at > moment]
    return [(_("您打开之后"), clauses(reversed(lines)))]


def kept_query(admin, request):
    """Return "?…" with which the list's filter is carried along, "" without one."""
    kept = admin.get_preserved_filters(request)
    return f"?{kept}" if kept else ""


# --- the queue she works through ------------------------------------------------------------------
def list_address(admin, request):
    """Return the address of the list with the filter she came with."""
    filters = request.GET.get("_changelist_filters", "")
    return admin.address("changelist") + (f"?{filters}" if filters else "")


def waiting_like(admin, request):
    """Return the waiting records of the list she came from, the longest waiting first."""
    inner = _ListRequest(request, request.GET.get("_changelist_filters", ""))
    try:
        rows = admin.get_changelist_instance(inner).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):
        rows = admin.get_queryset(request)
    rows = Talent.objects.filter(pk__in=rows.order_by().values("pk"))
    return rows.waiting()


class _ListRequest:
    """The request as the list would get it: her own, with the list's filter as its address."""

    def __init__(self, request, filters):
        self._request = request
        self.GET = QueryDict(filters.encode()[:2000].decode(errors="ignore"), mutable=True)
        for paging in ("p", "all", "after"):
            self.GET.pop(paging, None)

    def __getattr__(self, name):
        return getattr(self._request, name)


def following(talent, *, admin, request):
    """Return the waiting record after this one, from the top after the last; None when none is left."""
    rows = waiting_like(admin, request).exclude(pk=talent.pk)
    rows = rows.exclude(user=request.user.pk)  # her own is a colleague's to decide
    if talent.submitted_at:
        later = Q(submitted_at__gt=talent.submitted_at) | Q(
            submitted_at=talent.submitted_at, pk__gt=talent.pk
        )
        if found := rows.filter(later).only("pk", "full_name").first():
            return found
    return rows.only("pk", "full_name").first()


def queue(talent, *, admin, request):
    """Return {count, next}: how many others wait in the list she came from, and the way to the next."""
    if not request.user.has_perm("talents.verify_talent"):
        return None
    number = capped(waiting_like(admin, request).exclude(pk=talent.pk))
    if not number:
        return {"count": 0, "text": "0", "next": ""}
    text = f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
    return {"count": number, "text": text, "next": next_address(talent, admin, request)}


def next_address(talent, admin, request):
    """Return the address of the next waiting record, that of the list when none is left."""
    found = following(talent, admin=admin, request=request)
    if found is None:
        return list_address(admin, request)
    return admin.address("change", found.pk) + kept_query(admin, request)
