"""Word and PDF of a suggestion: what they say, to whom it is addressed, and that nobody nameless is named."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.utils import timezone, translation
from docx import Document

from advisory.suggestions import documents, operations
from advisory.suggestions.models import CoSignature
from kernel.markdown import paragraphs
from places.holidays import or_next_working_day
from tests import factories
from tests.advisory.suggestions import stages

pytestmark = pytest.mark.django_db


def said(letter):
    """Return all words of a letter."""
    words = [letter["head"], letter["title"], *(value for _label, value in letter["facts"])]
    for part in letter["parts"]:
        words += [part["title"], *part["paragraphs"], *part["signed"]]
    return "\n".join(map(str, words))


def test_before_a_reply_it_is_what_departments_work_by():
    row = stages.assigned(title="托育点延长").suggestion
    letter = documents.letter(stages.fresh(row))
    assert (letter["kind"], letter["title"]) == ("建言办理单", "关于“托育点延长”的建言")
    assert letter["head"] == "重庆两江新区社会发展局"
    assert [part["title"] for part in letter["parts"]] == ["情况和问题", "建议"]


def test_signed_it_answers_in_the_name_of_the_department():
    day = or_next_working_day(timezone.localdate() + timedelta(days=90))
    row = stages.signed(answer="B", second_on=day, title="托育点延长").suggestion
    letter = documents.letter(stages.fresh(row))
    (answer,) = letter["parts"][2:]
    assert letter["title"] == "关于“托育点延长”的答复"
    assert answer["title"].startswith("答复 · B 类")
    assert answer["paragraphs"][0] == stages.TEXT
    assert answer["paragraphs"][-1].startswith(f"再次答复：{day.year}年{day.month}月")
    assert answer["signed"][0] == "重庆两江新区社会发展局"


def test_a_replaced_reply_is_not_in_it_and_one_kept_back_says_why():
    reply = stages.signed(kept_back_reason="涉及单位内部安排")
    assert "不公开，原因：涉及单位内部安排" in said(
        documents.letter(stages.fresh(reply.suggestion))
    )
    values = {"answer": "A", "text": "更正后的答复，自下月起执行。", "second_on": None}
    now = timezone.now()
    new = operations.correct_reply(reply=reply, reason="日期写错", values=values, by=None, now=now)
    operations.hand_in_reply(reply=new, by=None, now=now)
    operations.sign_reply(reply=stages.fresh(new), kept_back_reason="", by=None, now=now)
    words = said(documents.letter(stages.fresh(reply.suggestion)))
    assert (stages.TEXT in words, "更正后的答复" in words) == (False, True)


def test_who_is_nameless_is_named_in_neither_file():
    her = factories.talent(full_name="柳如是").user
    row = stages.signed(her=her, named="nameless").suggestion
    word, name = documents.file_of(stages.fresh(row), "docx")
    assert name.endswith(f"{row.code}.docx")
    document = Document(io.BytesIO(word))
    text = "\n".join(one.text for one in document.paragraphs)
    text += "\n".join(cell.text for table in document.tables for cell in table._cells)
    pdf, _name = documents.file_of(stages.fresh(row), "pdf")
    pages = "".join(one.extract_text() for one in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert ["柳如是" in each for each in (text, pages)] == [False, False]
    assert ["匿名" in each for each in (text, pages)] == [True, True]
    assert stages.TEXT in text


def test_in_english_its_labels_are():
    row = stages.signed().suggestion
    operations.join_suggestion(
        suggestion=stages.sent(row.campaign), to=row, by=None, now=timezone.now()
    )
    cosigner = factories.talent().user
    CoSignature.objects.create(suggestion=row, user=cosigner, at=timezone.now())
    with translation.override("en"):
        letter = documents.letter(stages.fresh(row))
    assert letter["lang"] == "en"
    assert [label for label, _ in letter["facts"]] == [
        "Campaign",
        "Suggested by",
        "Co-signatures",
        "Joined to it",
        "Handed in",
        "lead",
        "Answered on",
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一\n\n二", ["一", "二"]),
        ("1. 甲\n2. **乙**\n\n- 丙", ["1. 甲", "2. 乙", "· 丙"]),
        ("| 项 | 年 |\n|---|---|\n| 经费 | 2027 |", ["项　年", "经费　2027"]),
        ("# 题\n第一行\n第二行", ["题", "第一行", "第二行"]),
        ("", []),
    ],
)
def test_markdown_as_lines_keeps_numbers_and_dots(text, lines):
    assert paragraphs(text) == lines
