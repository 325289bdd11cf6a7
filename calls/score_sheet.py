"""The scores of a review as an Excel workbook: ranking, every sheet, comments. Applications stand under their review numbers.

A blind review's workbook names no applicant: it is what the panel itself may be shown.
"""

from django.utils.translation import gettext as _

from calls.operations.ranking import reckon
from kernel.spreadsheets import opened, put


def formula():
    """Return how totals and normalised scores are reckoned, in a sentence (calls.scoring)."""
    return _(
        "总分 = Σ（权重 × 得分 ÷ 满分）÷ Σ 权重 × 100。"
        "标准化分 = M + S ×（总分 − m）÷ s：m、s 是这位评审全部总分的平均数和标准差，"
        "M、S 是全部评审全部总分的平均数和标准差。只评一份的用原始总分，给分全部相同的记为 M。"
        "每份申报取各位评审的平均数，保留两位小数。"
    )


def made(review):
    """Return (bytes, file name) of the workbook."""
    result, criteria = reckon(review), list(review.criteria.all())
    book, out = opened()
    styles = {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "head": book.add_format({"bold": True, "bg_color": "#DCEBE3", "border": 1}),
        "cell": book.add_format({"border": 1, "valign": "top", "text_wrap": True}),
    }
    names = () if review.is_blind else (_("申报人"), _("单位"))
    head = (_("名次"), _("评审编号"), *names, _("原始平均分"), _("标准化分"), _("备注"))
    rows = [_ranked(line, bool(names)) for line in result.lines]
    sheet = _sheet(book, styles, review, _("排名"), head, rows)
    put(sheet, len(rows) + 4, 0, formula())
    points = tuple(f"{one.label}（{one.most}）" for one in criteria)
    head = (_("评审编号"), _("评审专家"), _("状态"), *points, _("总分"), _("标准化分"), _("提示"))
    _sheet(book, styles, review, _("评分"), head, list(_scores(result, criteria)))
    head = (_("评审编号"), _("评审专家"), _("评分标准"), _("评语"))
    _sheet(book, styles, review, _("评语"), head, list(_comments(result, criteria)))
    book.close()
    return out.getvalue(), f"scores-{review.call.code}.xlsx"


def _sheet(book, styles, review, name, head, rows):
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(head) - 1, 16)
    put(sheet, 0, 0, str(review), styles["title"])
    for column, words in enumerate(head):
        put(sheet, 2, column, words, styles["head"])
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            put(sheet, 3 + number, column, value, styles["cell"])
    sheet.freeze_panes(3, 2)
    return sheet


def _number(value):
    return None if value is None else float(value)


def _ranked(line, with_names):
    talent = line.candidate.application.talent
    names = (talent.full_name, talent.unit_name) if with_names else ()
    note = _("同等条件下女性优先") if line.by_rule else ""
    return (
        line.place,
        line.candidate.label,
        *names,
        _number(line.raw),
        _number(line.normalised),
        note,
    )


def _scores(result, criteria):
    for line in result.lines:
        for sheet in line.sheets:
            # What was not handed in is the reviewer's own still.
            given = {row.criterion_id: row.value for row in sheet.scores.all()}
            shown = given if sheet.handed_in_at else {}
            yield (
                line.candidate.label,
                sheet.reviewer.full_name,
                sheet.state_words,
                *(_number(shown.get(one.pk)) for one in criteria),
                _number(result.totals.get(sheet.pk)),
                _number(result.normalised.get(sheet.pk)),
                _("与其他评审相差较大") if sheet.pk in result.outliers else "",
            )


def _comments(result, criteria):
    names = {one.pk: one.label for one in criteria}
    for line in result.lines:
        for sheet in line.sheets:
            for row in sheet.scores.all():
                if sheet.handed_in_at and row.comment:
                    yield (
                        line.candidate.label,
                        sheet.reviewer.full_name,
                        names[row.criterion_id],
                        row.comment,
                    )
