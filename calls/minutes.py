"""The minutes of a review as Word: who judged, what stood between whom, what was changed and why, the ranking and its rule."""

import io

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calls import advantages
from calls.models import HARD, Assignment, RankBy
from calls.operations.ranking import reckon
from calls.score_sheet import formula
from kernel.spreadsheets import NOT_IN_XML
from kernel.words import moment_text


def made(review):
    """Return (bytes, file name) of the minutes; what is not known yet is said to be so."""
    from kernel import word  # python-docx, for who asks for minutes

    result = reckon(review)
    panel = list(review.reviewers.select_related("replaces"))
    document = word.opened(_plain(_("评审纪要")))
    document.add_heading(_plain(_("评审纪要")), level=1)
    for line in _facts(review):
        document.add_paragraph(_plain(line))
    _part(document, word, _("评审专家"), (_("姓名"), _("单位"), _("备注")), list(_panel(panel)))
    criteria = [(one.label, str(one.most), str(one.weight)) for one in review.criteria.all()]
    _part(document, word, _("评分标准"), (_("名称"), _("满分"), _("权重")), criteria)
    relations = list(_relations(result))
    head = (_("评审编号"), _("评审专家"), _("关系"), _("处理"))
    _part(document, word, _("利害关系和回避"), head, relations, _("没有查到或声明利害关系。"))
    changes = list(_changes(panel, review))
    head = (_("时间"), _("变动"), _("原因"))
    _part(document, word, _("评分开始以后的变动"), head, changes, _("没有变动。"))
    head = (_("名次"), _("评审编号"), _("申报人"), _("单位"), _("原始平均分"), _("标准化分"))
    _part(document, word, _("排名"), head, _ranking(result), _("没有参加评审的申报。"))
    for line in (*_how(review, result), *_advantages(review, result)):
        document.add_paragraph(_plain(line))
    document.add_paragraph(_plain(_("评审专家签字：")))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue(), f"{_('评审纪要')}-{review.call.code}.docx"


def _plain(text):
    return NOT_IN_XML.sub("", str(text))


def _part(document, word, title, head, rows, nothing=""):
    document.add_heading(_plain(title), level=2)
    if rows:
        word.add_table(
            document, tuple(map(_plain, head)), [tuple(map(_plain, row)) for row in rows]
        )
    elif nothing:
        document.add_paragraph(_plain(nothing))


def _facts(review):
    call = review.call
    yield _("申报通知：%(title)s") % {"title": call.label}
    yield _("牵头部门：%(department)s") % {"department": call.department.label}
    yield _("阶段：%(stage)s") % {"stage": review.stage}
    if review.judging_since:
        times = {"start": moment_text(review.judging_since), "due": moment_text(review.due_at)}
        yield _("评分：%(start)s开始，%(due)s截止") % times
    if review.ranked_at:
        yield _("排名确定：%(at)s") % {"at": moment_text(review.ranked_at)}
    else:
        yield _("排名还没有确定，以下为目前的情况。")


def _panel(panel):
    for one in panel:
        said = [_("外部专家")] if one.is_outside else []
        if one.replaces:
            said.append(_("接替%(name)s") % {"name": one.replaces.full_name})
        if one.left_at:
            said.append(_("%(at)s退出") % {"at": moment_text(one.left_at)})
        yield one.full_name, one.unit_text, "；".join(said)


def _relations(result):
    sheets = {
        (sheet.reviewer_id, line.candidate.pk): sheet
        for line in result.lines
        for sheet in line.sheets
    }
    for line in result.lines:
        for row in line.candidate.relations.all():
            sheet = sheets.get((row.reviewer_id, line.candidate.pk))
            if sheet and sheet.recused_at and row.kind in HARD:
                done = _("回避")
            elif sheet:
                done = _("记录在案，继续评审")
            else:
                done = _("没有评审")
            found = _("本人声明") if row.is_declared else _("门户查到")
            said = "，".join(filter(None, [row.get_kind_display(), row.note or "", found]))
            yield line.candidate.label, row.reviewer.full_name, said, done


def _changes(panel, review):
    for one in panel:
        if one.left_at:
            words = _("%(name)s退出评审") % {"name": one.full_name}
            yield moment_text(one.left_at), words, one.left_reason
    moved = Assignment.objects.filter(candidate__review=review).exclude(remove_reason="")
    given = Assignment.objects.filter(candidate__review=review).exclude(assign_reason="")
    for sheet in moved.select_related("candidate", "reviewer").order_by("removed_at"):
        words = _("%(label)s 不再由%(name)s评") % _named(sheet)
        yield moment_text(sheet.removed_at), words, sheet.remove_reason
    for sheet in given.select_related("candidate", "reviewer").order_by("assigned_at"):
        words = _("%(label)s 改由%(name)s评") % _named(sheet)
        yield moment_text(sheet.assigned_at), words, sheet.assign_reason


def _named(sheet):
    return {"label": sheet.candidate.label, "name": sheet.reviewer.full_name}


def _ranking(result):
    return [
        (
            "—" if line.place is None else line.place,
            line.candidate.label,
            line.candidate.application.talent.full_name,
            line.candidate.application.talent.unit_name,
            "—" if line.raw is None else line.raw,
            "—" if line.normalised is None else line.normalised,
        )
        for line in result.lines
    ]


def _advantages(review, result):
    """Say what stands beside the applications judged; it has changed no score."""
    judged = [line.candidate for line in result.lines]
    held = advantages.beside(review.call, [one.application for one in judged])
    for one in judged:
        if words := held.get(one.application_id):
            said = {"label": one.label, "words": words}
            yield _("%(label)s 有优先条件：%(words)s。") % said
    if held:
        yield _("优先条件只作注明，没有改变评分和排名。")


def _how(review, result):
    by = {"by": RankBy(review.rank_by).label}
    yield _("排名依据：%(by)s。") % by
    yield formula()
    call = review.call
    if not call.open_to_all:
        yield _("本次只面向女性科技人才，得分相同的并列。")
    elif not call.women_preferred:
        yield _("本次不采用“同等条件下女性优先”，得分相同的并列。")
    elif ruled := [line.candidate.label for line in result.decided_by_rule]:
        sentence = ngettext(
            "按“同等条件下女性优先”，%(labels)s 排在得分相同的男性负责的申报前面。",
            "按“同等条件下女性优先”，%(labels)s 排在得分相同的男性负责的申报前面。",
            len(ruled),
        )
        yield sentence % {"labels": "、".join(ruled)}
    else:
        yield _("本次采用“同等条件下女性优先”，没有需要按它排序的并列。")
