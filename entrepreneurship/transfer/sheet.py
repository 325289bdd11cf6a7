"""Profiles and contracts as Excel workbooks."""

from django.utils.translation import gettext as _

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
        row.published_at.date().isoformat() if row.published_at else "",
        row.expires_on.isoformat() if row.expires_on else "",
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
