"""What is to be said about a form, a row or a cell: a code with parameters, worded for its reader.

Runs and rows store codes and parameters, never sentences: who uploads a list and who reads about it may
use different languages. A code stands in stored rows for thirty days, so one that was in use is neither
renamed nor given other parameters; its sentence may change at any time.
"""

from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from kernel.errors import Invalid
from kernel.words import listed, month_text
from talents.codes import Degree, EducationLevel

ERROR, WARNING, INFO = "error", "warning", "info"

# Level by level: an error refuses the row (or the file), a warning lets it in with a doubt or a loss,
# an info is only told. %(cell)s is the address of the cell concerned; identity numbers come masked.
SENTENCES = {
    ERROR: {
        # the file
        "empty_file": _("文件是空的，请选择填好的采集表。"),
        "too_large": _("文件超过 %(mb)s MB，请拆成几个文件后分别上传。"),
        "not_a_list": _(
            "这不是 .xlsx、.xls 或 .csv 表格（只改后缀名不算）。请选择单位填好的采集表原件再上传。"
        ),
        "text_unreadable": _(
            "看不懂这个 .csv 的文字编码（支持 UTF-8 和 GB18030）。请直接上传单位发来的原件，不要用其他程序转存。"
        ),
        "encrypted": _("文件设有打开密码。请在 Excel 或 WPS 里取消密码、保存后再上传。"),
        "with_macros": _(
            "文件里带有宏，出于安全考虑不能读取。请把表格内容复制到空白采集表后再上传。"
        ),
        "corrupted": _("文件已损坏，无法打开。请向报送单位重新要一份原件再上传。"),
        "unpacked_too_large": _(
            "文件解压后过大，无法读取。请把采集表复制到一个新的工作簿，只保留表格内容后再上传。"
        ),
        "too_complex": _(
            "文件里的单元格过多或结构异常，读取时超出了内存或时间限制，已停止。"
            "请把采集表复制到一个新的工作簿，只保留表格内容后再上传。"
        ),
        "table_without_name": _(
            "工作表“%(sheet)s”第%(line)s行是另一个表头，里面没有“姓名”列，无法读取它下面的内容。"
            "请补上姓名列，或把这部分删去后再上传。"
        ),
        "people_outside": _(
            "工作表“%(sheet)s”的 %(place)s 处像是人员信息，但所在的列没有表头。"
            "请给这些列补上表头，或移到表格里再上传。"
        ),
        "sheet_without_header": _(
            "工作表“%(sheet)s”第%(line)s行像是人员信息，但这张工作表没有表头。"
            "请补上表头，或删去这张工作表后再上传。"
        ),
        "no_header": _(
            "没有找到表头：前 %(lines)s 行里没有同时出现“姓名”和“身份证号码”“工作单位”等列名。"
            "请用本页的空白采集表填写后上传。"
        ),
        "missing_column": _(
            "第%(line)s行的表头里没有“姓名”列（也找过：%(others)s）。现有的列：%(found)s。"
            "请补上姓名列后重新上传。"
        ),
        "too_many_rows": _("表里超过 %(limit)s 人，请拆成几个文件后分别上传。"),
        "too_many_sheets": _(
            "文件里有 %(count)s 张工作表，最多读取 %(limit)s 张。请只保留人员表后再上传。"
        ),
        "no_rows": _("表头下面没有人员信息，请填写后再上传。"),
        "undo_given_up": _(
            "撤销时多次出错，已停止；没有撤销的部分保持原样。请稍后再撤销一次，仍不成功请联系管理员。"
        ),
        "undo_kept": ngettext_lazy(
            "撤销期间有 %(count)s 份档案有了后续办理，保留不动；其余已撤销。",
            "撤销期间有 %(count)s 份档案有了后续办理，保留不动；其余已撤销。",
            "count",
        ),
        "given_up": _("处理时多次出错，已停止。请联系管理员。"),
        # cells
        "formula": _("单元格 %(cell)s 是公式，请粘贴为数值。"),
        "cell_error": _("单元格 %(cell)s 是 Excel 错误值，请重新填写。"),
        "name_missing": _("姓名为空，请填写姓名。"),
        "name_lost_character": _("姓名里有未能显示的生僻字，请重新录入完整姓名。"),
        "name_like_formula": _("姓名像公式或符号，请填写真实姓名。"),
        "name_digits": _("姓名里有数字，请只填写姓名。"),
        "name_too_long": _("姓名超过 30 个字，请只填写姓名。"),
        "name_too_short": _("姓名只有一个字，请填写全名。"),
        "name_unreadable": _("姓名里有多余的符号，请只填写姓名。"),
        "sex_is_male": _("性别为男，本库收录女性科技人才，请核对。"),
        "birth_month_impossible": _(
            "没有%(number)s月，请核对出生年月，按1990.09这样的格式重新填写。"
        ),
        "birth_month_out_of_range": _("出生年份%(year)s不合理，请核对出生年月。"),
        "birth_month_unreadable": _("看不懂出生年月，请按1990.09或1990年9月这样的格式重新填写。"),
        "birth_month_conflict": _(
            "%(cell)s 的出生年月（%(month)s）与 %(id_cell)s 身份证号中的出生年月（%(id_month)s）"
            "相差一年以上，其中一个可能填成了别人的，请核对。"
        ),
        "id_number_as_number": _(
            "身份证号已被 Excel 存成数字，末几位已丢失，请以文本格式重新录入。"
        ),
        "id_number_old": _("这是15位旧身份证号，请填写现在的18位号码。"),
        "id_number_malformed": _(
            "身份证号%(number)s不是18位（现有%(length)s位），请核对后重新填写。"
        ),
        "id_number_impossible": _("身份证号%(number)s的地区或出生日期不存在，请核对后重新填写。"),
        "id_number_out_of_range": _(
            "身份证号%(number)s中的出生年份%(year)s不合理，请核对后重新填写。"
        ),
        "id_number_check_digit": _(
            "身份证号%(number)s校验位不对，号码有误；请对照证件核对后重新填写。"
        ),
        "not_a_woman": _("身份证号%(number)s显示为男性，本库收录女性科技人才，请核对身份证号。"),
        "consent_refused": _("备注写明本人不同意入库，不予录入；请从表中删去。"),
        # rows of one form
        "id_number_of_two": _("%(rows)s身份证号相同、姓名不同，请核对是谁的号码。"),
        "two_id_numbers": _("%(rows)s姓名和手机号相同、身份证号不同，请核对是否同一人。"),
        "merged_into_refused": _("与%(row)s是同一人，那一行已退回，请一并改正。"),
        # records in the database
        "name_differs": _("%(id_cell)s 的身份证号在库中登记的是另一姓名，请核对。"),
        "several_records": _("库中有多份姓名和手机号相同的档案，请联系管理员处理。"),
        "id_number_differs": _("库中姓名和手机号相同的人登记了另一身份证号，请核对 %(cell)s。"),
        # Whose the record is, and what it holds, is not the clerk's to know.
        "other_department": _("此人的档案不归您的部门管理，未导入。如需更新，请联系管理员。"),
        "left_database": _("此人的档案由本人自行填报，未导入。请她登录门户提交。"),
    },
    WARNING: {
        "too_long": _("超过%(limit)s字，只录入前%(limit)s字。"),
        "birth_month_year_only": _("出生年月只有年份，没有保存；请补充月份，如1990.09。"),
        "birth_month_ambiguous": _(
            "%(cell)s 可能是1月也可能是10月（数字末尾的0会丢失），按10月录入，请核对。"
        ),
        "birth_month_unsure": _(
            "%(cell)s 可能是1月也可能是10月（数字末尾的0会丢失），没有保存；请补充，如1990.01或1990.10。"
        ),
        "birth_month_order": _(
            "%(cell)s 分不清哪个是月、哪个是日，没有保存；请按1990.09这样的格式填写。"
        ),
        "birth_month_from_id": _(
            "看不懂出生年月，或填的年月不存在，已按 %(id_cell)s 身份证号录入%(month)s，请核对。"
        ),
        "birth_month_corrected": _(
            "%(cell)s 的出生年月（%(month)s）与 %(id_cell)s 身份证号（%(id_month)s）不一致，"
            "按身份证号录入，请核对。"
        ),
        "phone_several": _("填了多个电话，只录入第一个手机号，请核对。"),
        "phone_landline": _("这是座机号或不完整的号码，没有保存；请补充11位手机号。"),
        "phone_unreadable": _("这不是有效的11位手机号，没有保存；请核对后补充。"),
        "phone_shared": _("手机号与%(row)s的另一人相同，请核对。"),
        "email_unreadable": _("邮箱格式不对，没有保存；请核对。"),
        "political_status_unknown": _(
            "看不懂政治面貌“%(text)s”，没有保存；请按“中共党员”“群众”等规范写法填写。"
        ),
        "degree_unknown": _("看不懂学位“%(text)s”，没有保存；请填写博士、硕士或学士。"),
        "education_level_ambiguous": _(
            "“%(text)s”分不清是硕士还是博士研究生，学历没有保存；请补充。"
        ),
        "education_level_unknown": _(
            "看不懂学历“%(text)s”，没有保存；请填写博士研究生、硕士研究生、大学本科或大学专科。"
        ),
        "unit_name_unreadable": _(
            "%(cell)s 的“%(text)s”不像单位名称，没有保存；请写单位全称，如“重庆大学”。"
        ),
        "degree_above_level": _("学历是%(level)s，学位却是%(degree)s，已照录，请核对。"),
        "research_fields_too_long": _(
            "研究方向最多录入20项，每项40字，超出部分没有保存；请用顿号隔开各项。"
        ),
        "sensitive_remark": _("备注中的生育信息属于敏感信息，没有保存。"),
        "id_number_in_review": _(
            "另有一份待审核的档案填了 %(cell)s 的身份证号、姓名不同。这一行照常导入；审核那份档案时请核对证件。"
        ),
        "person_in_review": _(
            "另有一份待审核的同名档案可能是同一人，还没有核实是谁填的，所以没有写入那份档案，这一行另建一份。"
            "审核那份档案时请核对证件，是本人就合并。"
        ),
        "no_key": _("没有可用的身份证号和手机号，无法与库中人员查重，请补充。"),
        "sex_from_id": _("%(cell)s 的性别写的是男，已按 %(id_cell)s 身份证号作女性录入，请核对。"),
        "merged_differs": _("与%(row)s的%(columns)s不同，以%(row)s为准，请核对。"),
    },
    INFO: {
        "birth_month_settled": _(
            "%(cell)s 可能是1月也可能是10月，已按 %(id_cell)s 身份证号录入%(month)s。"
        ),
        "name_unknown": _(
            "没有找到“姓名”列，还不能导入。请在下面选出哪一列是姓名，再重新读取；表里没有姓名的，请取消后换一份。"
        ),
        "columns_ignored": _("这些列没有导入：%(columns)s。"),
        "columns_unheaded": _("这些列有内容但没有表头，没有导入：%(columns)s。"),
        "several_tables": _("文件里有几张人员表，已分别按各自的表头读取：%(tables)s。"),
        "other_sheets": _("读取了工作表“%(sheet)s”；这些工作表里没有人员表，未读取：%(others)s。"),
        "hidden_sheets": _(
            "隐藏的工作表“%(sheets)s”里也有人员表，没有读取。需要导入的，请取消隐藏后重新上传。"
        ),
        "merged_cells": ngettext_lazy(
            "有 %(count)s 行的合并单元格已按上方的内容补全，行内有说明。",
            "有 %(count)s 行的合并单元格已按上方的内容补全，行内有说明。",
            "count",
        ),
        "rows_skipped": _("这些行是合计、说明或示例，不是人员，没有读取：%(lines)s。"),
        "filled_down": _("%(columns)s与%(row)s合并，按那一行的内容录入。"),
        "hidden_rows": ngettext_lazy(
            "表中有 %(count)s 行被隐藏，也已读取，请留意。",
            "表中有 %(count)s 行被隐藏，也已读取，请留意。",
            "count",
        ),
        "hidden_row": _("这一行在表中被隐藏，仍按普通行处理。"),
        "birth_month_serial": _("出生年月是 Excel 的日期序号，已按%(month)s录入。"),
        "title_level_unknown": _("职称“%(text)s”已照录，但看不出级别。"),
        "overseas_from_school": _("毕业院校像是境外院校，按有留学经历录入。"),
        "repeats_refused_row": _("身份证号与%(row)s相同，那一行已退回，只录入这一行。"),
        "merged": _("与%(row)s是同一人（%(reason)s），合并为一条。"),
        "kept": _("本人已填写，未覆盖：%(fields)s。"),
    },
}
LEVELS = {code: level for level, sentences in SENTENCES.items() for code in sentences}
REASONS = {
    "id_number": _("身份证号相同"),
    "name_and_phone": _("姓名和手机号相同"),
    "merged_cell": _("姓名在同一个合并单元格里"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about a form or a row.

    `level` is ERROR, WARNING or INFO, `params` what the sentence names (JSON values: months as ISO
    days, code values, lists), `cell` an address (C31) or empty, `column` the header word.
    """

    level: str
    code: str
    params: dict = field(default_factory=dict)
    cell: str = ""
    column: str = ""

    @classmethod
    def of(cls, code, /, *, cell="", column="", **params):
        """Return the Problem of a code of SENTENCES; dates among `params` are months."""
        params = {name: _stored(value) for name, value in params.items()}
        return cls(LEVELS[code], code, params, cell, column)

    @classmethod
    def restored(cls, stored):
        """Return a Problem from what `stored` gave."""
        return cls(*stored)

    @property
    def stored(self):
        """Return the problem as a JSON list."""
        return [self.level, self.code, self.params, self.cell, self.column]

    @property
    def message(self):
        """Return the sentence in the language that is active."""
        params = {name: _worded(name, value) for name, value in self.params.items()}
        return self._sentence % {"cell": self.cell, **params}

    @property
    def place(self):
        """Return the cell to show before the sentence; "" where the sentence names it itself."""
        return "" if "%(cell)s" in str(self._sentence) else self.cell

    @property
    def _sentence(self):
        return SENTENCES[self.level][self.code]


class WorkbookError(Invalid):
    """The file as a whole cannot be read; `problem` says why, and again to another reader."""

    def __init__(self, code, /, **params):
        """`code` is an error of SENTENCES."""
        self.problem = Problem.of(code, **params)
        super().__init__(code, self.problem.message)


def _stored(value):
    return value.isoformat() if isinstance(value, date) else value


def _month(value):
    return month_text(date.fromisoformat(value))


def _fields(names):
    talent = apps.get_model("talents", "Talent")
    return listed(talent._meta.get_field(name).verbose_name for name in names)


def row_words(place):
    """A row by its number, or by [sheet, number] where the file has people on several sheets."""
    if isinstance(place, list):
        return gettext("工作表“%(sheet)s”第%(row)s行") % {"sheet": place[0], "row": place[1]}
    return gettext("第%(row)s行") % {"row": place}


def _tables(found):
    texts = []
    for sheet, line, count in found:
        place = row_words([sheet, line] if sheet else line)
        texts.append(gettext("%(place)s起 %(count)s 人") % {"place": place, "count": count})
    return listed(texts)


# How a parameter is worded, by its name.
WORDS = {
    "row": row_words,
    "rows": lambda places: listed(map(row_words, places)),
    "tables": _tables,
    "month": _month,
    "id_month": _month,
    "fields": _fields,
    "level": lambda code: EducationLevel(code).label,
    "degree": lambda code: Degree(code).label,
    "reason": REASONS.get,
}


def _worded(name, value):
    if name in WORDS:
        return WORDS[name](value)
    return listed(value) if isinstance(value, list) else value
