"""Volunteer hours in words: each record as she reads it, and her certificate as page and sheet say it."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import OuterRef, Subquery, Sum
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from care_points.models import AccountKind, Entry, HoursSource, HoursState
from kernel import certificates
from kernel.words import listed, moment_text, span_text
from notices.operations import page_link

MOST_NAMED = 6  # activities on a sheet; the others are counted


@dataclass(frozen=True)
class Record:
    """One record of hers: when, how long, its state's code and name, and what it says in whole sentences."""

    when: str
    hours: str
    state: str
    state_words: str
    said: list


def with_points(rows):
    """Add `points`: what the hours have given her, less what was taken back."""
    entries = Entry.objects.filter(account__kind=AccountKind.TALENT)
    given = entries.filter(transfer__hours=OuterRef("pk")).order_by().values("transfer__hours")
    back = entries.filter(transfer__reverses__hours=OuterRef("pk")).order_by()
    back = back.values("transfer__reverses__hours")
    return rows.annotate(
        given=Subquery(given.annotate(n=Sum("amount")).values("n")),
        taken=Subquery(back.annotate(n=Sum("amount")).values("n")),
    )


def by_activity(rows):
    """Return [(activity, confirmed hours as text, [Record])] of her hours, those of the latest record first."""
    order = {}
    for row in rows:
        order.setdefault(row.activity, len(order))
    grouped = groupby(sorted(rows, key=lambda row: order[row.activity]), lambda row: row.activity)
    found = []
    for activity, group in grouped:
        group = list(group)
        confirmed = sum(r.half_hours for r in group if r.state == HoursState.CONFIRMED)
        found.append((activity, f"{confirmed / 2:g}", [record(row) for row in group]))
    return found


def record(row):
    """Return the Record of one of the ServiceHours; reads who recorded and confirmed it, and what it replaces."""
    return Record(
        span_text(row.starts_at, row.ends_at),
        row.hours_text,
        row.state,
        row.get_state_display(),
        list(_sentences(row)),
    )


def _sentences(row):
    """Say who recorded and confirmed it, what is still to come, and what it gave."""
    said = {
        "by": row.recorded_by.full_name,
        "when": moment_text(row.recorded_at),
        "other": row.decided_by.full_name if row.decided_by else "",
        "reason": row.change_reason or row.reason,
        "how": "" if row.source == HoursSource.STAFF else row.get_source_display(),
    }
    if row.replaces:
        said |= {"before": row.replaces.hours_text, "after": row.hours_text}
        yield _("%(by)s更正：%(before)s改为 %(after)s，原因：%(reason)s。") % said
    elif said["how"]:
        yield _("登记：%(by)s（%(how)s），%(when)s。") % said
    else:
        yield _("登记：%(by)s，%(when)s。") % said
    if row.state == HoursState.RECORDED and row.replaces:
        yield _("等另一位工作人员确认；确认以前仍按原来的时长计。")
    elif row.state == HoursState.RECORDED:
        yield _("等另一位工作人员确认，确认以后才计积分。")
    elif row.state == HoursState.CONFIRMED:
        yield _("确认：%(other)s。") % said
        if hasattr(row, "given"):
            yield _gave(row.given)
    elif row.state == HoursState.CORRECTED:
        yield _("已由更正后的时长代替。")
    elif row.state == HoursState.WITHDRAWN:
        yield _("登记人已撤回，不计时长。")
    else:
        yield _("处理：%(other)s，原因：%(reason)s。") % (said | {"reason": row.reason})
    if points := -(getattr(row, "taken", 0) or 0):
        yield ngettext("已收回 %(points)s 积分。", "已收回 %(points)s 积分。", points) % {
            "points": points
        }


def _gave(points):
    if not points:
        return _("没有积分：当时没有适用的规则，或已到规则的上限。")
    return ngettext("获得 %(points)s 积分。", "获得 %(points)s 积分。", points) % {"points": points}


# --- the certificate ------------------------------------------------------------------------------
def heading():
    """Return what it is called."""
    return pgettext("certificate", "志愿服务证书")


def name(certificate):
    """Return her name in the active language."""
    return (get_language() == "en" and certificate.name_en) or certificate.name


def period(certificate):
    """Return from when to when it counts."""
    return certificates.period(certificate.from_on, certificate.until_on)


def activities(certificate):
    """Return what she did, the longest first, in one line."""
    named = [
        _("%(activity)s %(hours)s 小时") % {"activity": activity, "hours": f"{halves / 2:g}"}
        for activity, halves in certificate.activities[:MOST_NAMED]
    ]
    line = listed(named)
    if (more := len(certificate.activities) - MOST_NAMED) > 0:
        line = ngettext("%(named)s等，另有 %(n)s 项", "%(named)s等，另有 %(n)s 项", more) % {
            "named": line,
            "n": more,
        }
    return line


def facts(certificate):
    """Return all that it says as (label, value), for the check page."""
    return [
        (_("姓名"), certificate.name),
        (_("期间"), period(certificate)),
        (_("志愿服务"), _("%(hours)s 小时") % {"hours": certificate.hours}),
        (_("内容"), activities(certificate)),
        (_("签发部门"), listed(certificates.issuers(certificate.issuers))),
        (_("签发日期"), certificates.day(timezone.localdate(certificate.issued_at))),
        (_("编号"), certificate.number),
    ]


def pdf(certificate, language, form="pdf"):
    """Return the certificate as a file's bytes, in one of kernel.certificates.LANGUAGES."""
    return certificates.pdf(lambda: [_sheet(certificate)], language, form)


def _sheet(certificate):
    said = {"when": period(certificate), "hours": certificate.hours}
    return certificates.sheet(
        heading=heading(),
        before=pgettext("certificate", "兹证明"),
        name=name(certificate),
        text=_("于%(when)s参加志愿服务，经登记和确认共计 %(hours)s 小时。") % said,
        also=activities(certificate),
        closing="" if get_language() == "en" else _("特此证明。"),
        number=certificate.number,
        code=certificate.code,
        check_page=page_link("hours_certificate", certificate.code),
        form_page=page_link("hours_certificates"),
        issuers=certificates.issuers(certificate.issuers),
        issued_at=certificate.issued_at,
    )
