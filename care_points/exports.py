"""Lists as Excel workbooks: appointments of a station (no whole names, no kind of service), hours, stations, providers."""

from django.utils.translation import gettext as _

from kernel.spreadsheets import list_book
from kernel.words import clauses, listed, stamp
from places import hours
from places.exports import COLUMNS as PLACE_COLUMNS
from places.exports import cells as place_cells


def appointment_list(rows):
    """Return the workbook's bytes: a row for each Appointment."""
    columns = (
        (_("开始"), 17),
        (_("结束"), 17),
        (_("加油站"), 24),
        (_("服务提供者"), 20),
        (_("姓名"), 12),
        (_("状态"), 12),
        (_("改期次数"), 10),
    )
    lines = (
        (
            stamp(one.starts_at),
            stamp(one.ends_at),
            one.provider.station.name,
            one.provider.name,
            one.redemption.talent.masked_name if one.redemption.talent else "",
            one.redemption.get_state_display(),
            one.moves,
        )
        for one in rows
    )
    return list_book(_("预约"), columns, lines)


def hours_list(rows):
    """Return the workbook's bytes: a row for each of the ServiceHours."""
    columns = (
        (_("姓名"), 12),
        (_("人才编号"), 14),
        (_("志愿服务内容"), 28),
        (_("开始"), 17),
        (_("结束"), 17),
        (_("小时"), 8),
        (_("状态"), 10),
        (_("依据"), 14),
        (_("更正前（小时）"), 14),
        (_("登记人"), 12),
        (_("登记时间"), 17),
        (_("确认人"), 12),
        (_("确认时间"), 17),
        (_("说明"), 30),
    )
    lines = (
        (
            one.talent.full_name if one.talent else "",
            one.talent.code if one.talent else "",
            one.activity,
            stamp(one.starts_at),
            stamp(one.ends_at),
            one.half_hours / 2,
            one.get_state_display(),
            one.get_source_display(),
            one.replaces.half_hours / 2 if one.replaces else "",
            str(one.recorded_by),
            stamp(one.recorded_at),
            str(one.decided_by or ""),
            stamp(one.decided_at) if one.decided_at else "",
            one.change_reason or one.reason,
        )
        for one in rows
    )
    return list_book(_("志愿时长"), columns, lines)


def station_list(rows):
    """Return the workbook's bytes: a row for each CareStation, what its place says included."""
    columns = (
        (_("名称"), 24),
        (_("开放"), 8),
        (_("可兑换的服务"), 14),
        (_("服务提供者"), 14),
        (_("核销人员"), 12),
        *((str(words), width) for words, width in PLACE_COLUMNS),
    )
    lines = (
        (
            one.name,
            _("是") if one.active else _("否"),
            one.services_offered,
            one.providers_there,
            one.operators_there,
            *place_cells(one.place),
        )
        for one in rows
    )
    return list_book(_("加油站"), columns, lines)


def provider_list(rows):
    """Return the workbook's bytes: a row for each Provider. Whose account it is, is not in it."""
    columns = (
        (_("加油站"), 24),
        (_("名称"), 16),
        (_("类别"), 10),
        (_("提供的服务"), 30),
        (_("每周工作时间"), 40),
        (_("资质"), 30),
        (_("资质有效至"), 12),
        (_("核查人"), 12),
        (_("有账号"), 8),
        (_("暂停预约"), 10),
    )
    lines = (
        (
            one.station.name,
            one.name,
            one.get_kind_display(),
            listed(service.title for service in one.services.all()),
            clauses(hours.week_lines(one.weekly)),
            one.credentials,
            one.vetted_until.isoformat() if one.vetted_until else "",
            str(one.vetted_by or ""),
            _("是") if one.user_id else _("否"),
            _("是") if one.paused else _("否"),
        )
        for one in rows
    )
    return list_book(_("服务提供者"), columns, lines)
