"""Profiles, matches, interests and contracts as Excel workbooks."""

from django.utils import timezone
from django.utils.translation import gettext as _

from entrepreneurship.transfer.matching import why
from kernel.spreadsheets import list_book


def profiles(rows):
    """Return the workbook's bytes: a row for each of these profiles, in their order."""
    columns = (
        (_("编号"), 14),
        (_("类别"), 10),
        (_("名称"), 40),
        (_("发布方"), 30),
        (_("领域"), 18),
        (_("技术就绪水平"), 12),
        (_("合作方式"), 24),
        (_("公开时间"), 14),
        (_("公开到"), 14),
    )
    return list_book(_("成果和需求"), columns, map(_profile, rows))


def _profile(row):
    return (
        row.code,
        row.get_kind_display(),
        row.title,
        row.who,
        row.get_field_display(),
        row.readiness or "",
        "、".join(map(str, row.form_words)),
        _day(row.published_at),
        row.expires_on.isoformat() if row.expires_on else "",
    )


def _day(moment):
    """Return the day of a moment as the reader's calendar has it."""
    return timezone.localdate(moment).isoformat() if moment else ""


def matches(rows):
    """Return the workbook's bytes: a row for each of these matches; whose a profile is stands as the public reads it."""
    columns = (
        (_("成果"), 40),
        (_("成果方"), 30),
        (_("需求"), 40),
        (_("需求方"), 30),
        (_("为什么匹配"), 60),
        (_("吻合度"), 10),
        (_("匹配时间"), 14),
        (_("告知双方时间"), 14),
        (_("成果方认为没用"), 14),
        (_("需求方认为没用"), 14),
    )
    return list_book(_("供需匹配"), columns, map(_match, rows))


def _match(row):
    days = (row.found_at, row.told_at, row.offer_no_at, row.need_no_at)
    return (
        row.offer.title,
        row.offer.who,
        row.need.title,
        row.need.who,
        why(row),
        row.score,
        *map(_day, days),
    )


def interests(rows):
    """Return the workbook's bytes: a row for each of these interests; no word that was said, and nobody's contact."""
    columns = (
        (_("编号"), 14),
        (_("成果或需求"), 40),
        (_("发布方"), 30),
        (_("发起方"), 30),
        (_("合作方式"), 14),
        (_("状态"), 20),
        (_("双方同意时间"), 14),
        (_("技术经理人"), 14),
        (_("保密协议日期"), 14),
        (_("结束时间"), 14),
        (_("结束原因"), 24),
    )
    return list_book(_("合作意向"), columns, map(_interest, rows))


def _interest(row):
    return (
        row.code,
        row.profile.title,
        row.owner_name,
        row.seeker_name,
        row.get_form_display(),
        row.get_state_display(),
        _day(row.agreed_at),
        row.mediator.full_name if row.mediator else "",
        row.confidential_on.isoformat() if row.confidential_on else "",
        _day(row.ended_at),
        row.get_end_reason_display(),
    )


def contracts(rows):
    """Return the workbook's bytes: a row for each of these contracts, in their order."""
    columns = (
        (_("合同编号"), 20),
        (_("合同类型"), 16),
        (_("状态"), 12),
        (_("成果或需求"), 40),
        (_("合同金额（元）"), 16),
        (_("已到账（元）"), 16),
        (_("认定的技术交易额（元）"), 18),
        (_("签订日期"), 14),
        (_("登记编号"), 20),
    )
    return list_book(_("技术合同"), columns, map(_contract, rows))


def _contract(row):
    registered = row.amount_registered
    return (
        row.number,
        row.get_kind_display(),
        row.get_state_display(),
        row.interest.profile.title,
        f"{row.amount_signed:.2f}",
        f"{row.paid:.2f}",
        "" if registered is None else f"{registered:.2f}",
        row.signed_on.isoformat() if row.signed_on else "",
        row.registration,
    )
