"""What a clerk does with a list she takes out: have it at once, order a long one, stop it, fetch it.

Holds what `by` may see, in the list's order; by=None is the system.
"""

import base64
import io

from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, transaction
from django.db.models import F, Func, IntegerField
from django.utils.translation import gettext as _

from kernel import reasons, rights
from kernel.errors import Conflict, Invalid, Refused
from kernel.worker import nudge_on_commit
from privacy import audit, limits
from talents.exports import sheet
from talents.exports.models import Export, ExportPiece, ExportState
from talents.models import Talent

MOST_AT_ONCE = 5000  # more would hold a web worker for longer than a few seconds
RIGHT, FULL_RIGHT = "talents.export_talent", "talents.reveal_talent"


def is_long(rows):
    """Tell whether these rows (a queryset) are too many to be written while she waits."""
    return rows.values("pk")[: MOST_AT_ONCE + 1].count() > MOST_AT_ONCE


def why_not_export(rows):
    """Return why these rows (a queryset) cannot be exported (DomainError), or None."""
    if rows.values("pk")[:1].count():
        return None
    return Invalid("nothing_to_export", _("列表里没有记录，请先调整筛选。"))


@transaction.atomic
def export_list(*, rows, by, now, reason, full=False, filters=(), columns=sheet.FIELDS):
    """Return the records of a list (a queryset) as the bytes of a workbook; who took it and why is recorded.

    `full` writes phones, identity numbers and addresses out and needs "talents.reveal_talent"; it is told to
    the auditors. `filters` are the names of what narrowed the list, for the record, `columns` names of
    sheet.COLUMNS. Raises Refused, what kernel.reasons.clean raises, Invalid("nothing_to_export",
    "no_columns"), Conflict("too_many_to_export") for what has to be ordered.
    """
    rows, reason, columns = _asked(rows, by, reason, full, columns)
    if is_long(rows):
        sentence = _("列表超过 %(most)s 条，请提交后台生成。")
        raise Conflict("too_many_to_export", sentence % {"most": MOST_AT_ONCE})
    mark = sheet.watermark(person=by, at=now, reason=reason)
    talents = sheet.ready(rows, columns).iterator(500)
    out = io.BytesIO()
    count = sheet.write(talents, columns, full=full, mark=mark, at=now, out=out)
    about = by or rows[0]
    _record("talents.export_list", about, by, now, reason, full, count, filters)
    return out.getvalue()


def _asked(rows, by, reason, full, columns):
    """Return (rows she may see, reason, columns) of what is asked for; raises what stands against it."""
    rights.require(by, RIGHT)
    if full:
        rights.require(by, FULL_RIGHT)
    reason = reasons.clean(reason, _("请写明导出的理由，至少四个字。"))
    columns = sheet.in_order(columns)
    if not columns:
        raise Invalid("no_columns", _("请至少选择一列。"), field="columns")
    rows = rows if by is None else rows & Talent.objects.visible_to(by)
    if error := why_not_export(rows):
        raise error
    return rows, reason, columns


def _record(verb, about, by, now, reason, full, count, filters):
    detail = {"count": count, "full": full, "filters": sorted(filters)}
    audit.record(verb, about, by=by, at=now, reason=reason, **detail)
    if full and by:
        limits.alert("exports", by=by, now=now, count=count)


def order_export(*, rows, by, now, reason, full=False, filters=(), columns=sheet.FIELDS):
    """Have the worker write a list of any length; returns the Export, to be fetched once it is ready.

    The arguments are those of `export_list`. Raises what that raises, and Conflict("export_under_way") while
    another one of hers is being written.
    """
    rows, reason, columns = _asked(rows, by, reason, full, columns)
    try:
        return _order(rows, reason, columns, by, now, full, filters)
    except IntegrityError as error:
        sentence = _("您还有一份名单正在生成，请等它完成，或先取消它。")
        raise Conflict("export_under_way", sentence) from error


@transaction.atomic
def _order(rows, reason, columns, by, now, full, filters):
    export = Export.objects.create(
        by=by,
        department=None if by is None or by.sees_all_departments else by.department,
        reason=reason,
        full=full,
        columns=columns,
        asked_at=now,
    )
    hers = Export.objects.filter(pk=export.pk)
    hers.update(rows=ArraySubquery(rows.values("pk")))
    hers.update(total=Func(F("rows"), function="cardinality", output_field=IntegerField()))
    export.refresh_from_db(fields=["total"])
    _record("talents.order_export", export, by, now, reason, full, export.total, filters)
    nudge_on_commit("talents.tasks.write_export", export.pk)
    return export


def why_not_hers(export, by):
    """Return why `by` may have nothing to do with an export (DomainError), or None: she alone, with her right."""
    if by is None or (export.by_id == by.pk and rights.may(by, RIGHT)):
        return None
    return Refused("not_allowed", _("这份导出不是您申请的，或您已没有导出权限。"))


def why_not_hold(export, by):
    """Return why what an export holds is not, or no longer, for `by` to see (DomainError), or None."""
    if error := why_not_hers(export, by):
        return error
    if by is None:
        return None
    if export.full and not rights.may(by, FULL_RIGHT):
        return Refused("not_in_full", _("您已没有查看完整号码的权限，请重新导出脱敏的名单。"))
    if by.sees_all_departments or export.department_id == by.department_id:
        return None
    return Refused("not_in_scope", _("这份名单里有您现在的部门以外的档案，请重新导出。"))


def why_not_cancel_export(export):
    """Return why an export cannot be stopped as it stands (DomainError), or None."""
    if export.state in (ExportState.WRITING, ExportState.READY):
        return None
    return Conflict("has_ended", _("这份名单已经结束，不用取消。"))


@transaction.atomic
def cancel_export(*, export, by, now):
    """Stop an export, or delete the finished file before its time; returns it.

    Raises Refused("not_allowed") and Conflict("has_ended").
    """
    if error := why_not_hers(export, by):
        raise error
    export = Export.objects.select_for_update().get(pk=export.pk)
    if export.state == ExportState.CANCELLED:
        return export
    if error := why_not_cancel_export(export):
        raise error
    ExportPiece.objects.filter(export=export).delete()
    export.state, export.rows, export.worker, export.size = ExportState.CANCELLED, [], "", 0
    export.save()
    audit.record("talents.cancel_export", export, by=by, at=now)
    return export


def why_not_fetch(export, at):
    """Return why an export cannot be fetched at the moment `at` (DomainError), or None."""
    if export.state == ExportState.READY and at < export.expires_at:
        return None
    return Conflict("export_not_there", _("这份名单还没有生成，或已到期删除，请重新导出。"))


@transaction.atomic
def fetch_export(*, export, by, now):
    """Return an iterator over the bytes of a finished export; that it was fetched is recorded.

    Her rights are asked again: what she may see has to hold today. Raises Refused("not_allowed",
    "not_in_full", "not_in_scope") and Conflict("export_not_there").
    """
    if error := why_not_hold(export, by) or why_not_fetch(export, now):
        raise error
    audit.record(
        "talents.fetch_export", export, by=by, at=now, count=export.total, full=export.full
    )
    numbers = list(export.pieces.order_by("number").values_list("number", flat=True))
    return (base64.b64decode(export.pieces.get(number=number).content) for number in numbers)
