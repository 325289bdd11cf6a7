"""Her CV: what she ticks and nothing else, as PDF and Word, in both languages."""

import io
import zipfile
from datetime import date

import pypdf
import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from talents.career import operations as career
from talents.cv import content, documents
from talents.models import Talent
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
CV = "/me/profile/cv/"


def her(**fields):
    """Return a woman with a record and one entry."""
    woman = factories.talent(
        full_name="欧阳采薇",
        phone="14000007711",
        email="caiwei@example.cn",
        unit=factories.unit("重庆示例研究院"),
        position="研究员",
        research_fields=["集成电路"],
        honours="三八红旗手",
        **fields,
    )
    values = {
        "sort": "paper",
        "name": "低温键合研究",
        "role": "第一作者",
        "began": date(2024, 1, 1),
    }
    career.save_entry(talent=woman, kind="achievement", values=values, by=woman.user, now=NOW)
    return woman


def text_of(data):
    """Return the paragraphs of a Word document, one for each line."""
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)


def sent(client, woman, **values):
    """Return the answer to the form with the contact left out, as it comes."""
    client.force_login(woman.user)
    parts = ["facts", "research", "achievement", "honours"]
    return client.post(CV, {"language": "zh-hans", "kind": "docx", "parts": parts} | values)


def test_word_holds_what_is_ticked_and_no_more(client):
    answer = sent(client, her())
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Cache-Control"].startswith("private, no-store")
    text = text_of(answer.content)
    for word in ("欧阳采薇", "重庆示例研究院", "研究员", "集成电路", "低温键合研究", "三八红旗手"):
        assert word in text
    assert "低温键合研究  论文 · 第一作者\t2024年" in text
    assert "14000007711" not in text
    assert "caiwei@example.cn" not in text
    less = text_of(sent(client, Talent.objects.get(), parts=["contact"]).content)
    assert "14000007711" in less
    assert "集成电路" not in less


def test_in_english_the_words_are_english_and_her_own_stay(client):
    text = text_of(sent(client, her(), language="en").content)
    assert text.startswith("Ouyang Caiwei (欧阳采薇)")
    assert "低温键合研究  Paper · 第一作者\t2024" in text
    assert "获奖及荣誉" not in text


def test_the_pdf_is_one_and_names_its_title(client):
    answer = sent(client, her(), kind="pdf")
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    text = "".join(page.extract_text() for page in pages).replace(" ", "")
    for word in ("个人简历", "欧阳采薇", "重庆示例研究院", "低温键合研究", "第一作者", "2024年"):
        assert word in text
    assert "14000007711" not in text


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("王敏", "Wang Min (王敏)"),
        ("王小敏", "Wang Xiaomin (王小敏)"),
        ("欧阳采薇", "Ouyang Caiwei (欧阳采薇)"),
        ("乐正绫", "Yuezheng Ling (乐正绫)"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
    ],
)
def test_a_name_in_english_has_its_sound_before_it(name, english):
    with translation.override("en"):
        assert content.name_of(factories.talent(full_name=name)) == english


def test_a_name_is_no_markup_in_either_file(client):
    woman = her()
    woman.research_fields, woman.honours = ["#panic()", "<w:b/>&amp;"], "$x$ *粗*"
    woman.save()
    made = content.data(woman, None)
    assert documents.pdf(made).startswith(b"%PDF-")
    data = documents.docx(made)
    assert "#panic()" in text_of(data)
    assert "<w:b/>&amp;" in text_of(data)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert not [name for name in opened.namelist() if name.endswith(("bin", "vml"))]


def test_nothing_ticked_is_refused_and_an_empty_part_is_not_offered(client):
    woman = her()
    assert sent(client, woman, parts=[]).status_code == 422
    page = client.get(CV).content.decode()
    assert "成果" in page
    assert "社会兼职" not in page


def test_an_empty_record_is_told_what_to_fill_in_first(client):
    woman = factories.talent(
        state="draft",
        unit=None,
        position="",
        professional_title="",
        title_level="",
        education_level="",
        degree="",
        discipline="",
        industry="",
    )
    client.force_login(woman.user)
    assert ("还没有可以写进简历的内容。" in client.get(CV).text) is True
    client.force_login(her().user)
    assert ("还没有可以写进简历的内容。" in client.get(CV).text) is False


def test_who_has_no_record_is_led_to_begin_one(client):
    client.force_login(factories.user())
    assert client.get(CV).url == reverse("profile")


def test_it_costs_two_queries_however_long_the_career(django_assert_num_queries):
    woman = her()
    with translation.override("en"), django_assert_num_queries(2):
        content.data(woman, None)
    for year in range(2000, 2010):
        values = {"sort": "paper", "name": f"第{year}篇", "began": date(year, 1, 1)}
        career.save_entry(
            talent=woman, kind="achievement", values=values, by=None, now=NOW, reason="由单位提供"
        )
    with django_assert_num_queries(2):
        content.data(woman, None)


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\x01"])
def test_a_character_no_word_file_can_hold_is_left_out(client, odd):
    woman = her()
    woman.research_fields = [f"类脑{odd}计算"]
    woman.save()
    for kind in ("docx", "pdf"):
        assert sent(client, woman, kind=kind).status_code == 200
    assert "类脑计算" in text_of(sent(client, woman).content)


def test_markup_of_the_template_is_text(client):
    woman = her()
    woman.research_fields = ['#panic("x")', "$x$ @ref <label> `raw`", "=1+1"]
    woman.save()
    text = text_of(sent(client, woman).content)
    printed = pypdf.PdfReader(io.BytesIO(sent(client, woman, kind="pdf").content)).pages[0]
    for field in woman.research_fields:
        assert field in text
        assert field in printed.extract_text()
