"""What will not do in one line of an application keeps no other from being saved, stays as typed and is never handed in."""

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Session
from calls import operations, tables, values
from calls.operations.applying import answers_of
from tests import factories
from tests.calls import make

pytestmark = pytest.mark.django_db
NUMBER_WRONG, DAY_WRONG = "请填写数字。", "请填写日期，例如 2024-03-08。"


@pytest.fixture
def now():
    return timezone.now()


def written(now, **fields):
    """Return an application to a call with a text, a number, a day, a choice and a table, nothing filled in."""
    to = make.draft(now, lines=False, **fields)
    make.line(to, "主要事迹", limit=20, now=now)
    make.line(to, "从业年数", kind="number", now=now)
    make.line(to, "入职日期", kind="date", now=now)
    make.line(to, "类别", kind="choice", choices=["科研", "教育"], now=now)
    columns = tables.columns("年份 | 数字\n项目 | 文字 | 10\n结题日期 | 日期")
    make.line(to, "项目", kind="table", columns=columns, most=3, now=now)
    to = operations.open_call(call=to, by=None, now=now)
    return operations.start_application(call=to, talent=factories.talent(), by=None, now=now)


def lines(mine):
    return {field.label: field for field in mine.call.fields.all()}


def sent(mine, table=(), **typed):
    """Return what a page sends: {label: text}, and the rows of the table."""
    of = lines(mine)
    body = {of[label].key: text for label, text in typed.items()}
    for number, row in enumerate(table):
        for place, cell in enumerate(row):
            body[f"{of['项目'].key}-{number}-{place}"] = cell
    return body


GOOD = {"主要事迹": "攻关三年", "从业年数": "12", "入职日期": "2012-07-01", "类别": "科研"}
ROW = ("2024", "芯片测试", "2024-12-01")


def kept(mine):
    """Return {label: text} of what is stored."""
    answers, of = answers_of(mine), lines(mine)
    return {label: answers[field.pk] for label, field in of.items() if field.pk in answers}


def said(page):
    """Return ({label of a line: its sentence}, {label: sentence} of the checklist) of a page or a part of one."""
    at_line = {
        name: re.sub(r"<[^>]+>|\s+", "", text)
        for name, text in re.findall(r'(?s)<div id="id_(\w+)_error"[^>]*>(.*?)</div>', page)
    }
    entries = re.findall(r'(?s)<li>\s*<a href="#id_(\w+)">[^<]*</a>(.*?)</li>', page)
    checklist = {name: re.sub(r"\s+|—", "", text) for name, text in entries}
    return {name: text for name, text in at_line.items() if text}, checklist


@pytest.mark.parametrize(
    ("kind", "text", "neat", "why"),
    [
        ("number", "12.50", "12.5", None),
        ("number", "１２", "12", None),
        ("number", "1e3", "1000", None),
        ("number", "十二", "十二", NUMBER_WRONG),
        ("number", "NaN", "NaN", NUMBER_WRONG),
        ("number", "1e999999", "1e999999", "数字太长：最多 15 位，其中小数最多 4 位。"),
        ("number", "9" * 16, "9" * 16, "数字太长：最多 15 位，其中小数最多 4 位。"),
        ("number", "0.12345", "0.12345", "数字太长：最多 15 位，其中小数最多 4 位。"),
        ("date", "2024-03-08", "2024-03-08", None),
        ("date", "2024/3/8", "2024-03-08", None),
        ("date", "2024-02-30", "2024-02-30", DAY_WRONG),
        ("date", "0024-03-08", "0024-03-08", DAY_WRONG),
        ("date", "去年春天", "去年春天", DAY_WRONG),
        ("text", " 一 ", " 一 ", None),
    ],
)
def test_a_number_and_a_day_have_one_form_and_what_is_none_stays_as_typed(kind, text, neat, why):
    assert (values.neat(kind, text), values.why_not(kind, values.neat(kind, text))) == (neat, why)


def test_a_wrong_number_and_day_are_kept_as_typed_with_all_the_rest(client, now):
    mine = written(now)
    client.force_login(mine.talent.user)
    here, of = mine.get_absolute_url(), lines(mine)
    wrong = GOOD | {"从业年数": "十二年", "入职日期": "去年"}
    answer = client.post(here, sent(mine, [ROW], **wrong))
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert kept(mine) == wrong | {"项目": tables.kept(of["项目"], [ROW])}
    page = client.get(here)
    expected = {of["从业年数"].key: NUMBER_WRONG, of["入职日期"].key: DAY_WRONG.replace(" ", "")}
    assert (page.status_code, said(page.text)) == (200, (expected, expected))
    assert "已保存，还有 2 处要改，见下面标出的地方。" in page.text
    for label in ("从业年数", "入职日期"):  # a box for days would show nothing
        box = re.search(rf'<input[^>]*name="{of[label].key}"[^>]*>', page.text)[0]
        assert [f'value="{wrong[label]}"' in box, 'type="text"' in box] == [True, True]
    refused = client.post(here, sent(mine, [ROW], **wrong) | {"submit": "1"})
    mine.refresh_from_db()
    assert (refused.status_code, said(refused.text)[0], mine.state) == (422, expected, "draft")
    client.post(here, sent(mine, [ROW], **GOOD) | {"submit": "1"})
    mine.refresh_from_db()
    assert mine.state == "submitted"  # the control


def test_a_save_the_page_makes_by_itself_says_it_at_the_line_and_takes_it_back(client, now):
    mine = written(now)
    client.force_login(mine.talent.user)
    here, of = mine.get_absolute_url(), lines(mine)
    by_itself = {"headers": {"HX-Request": "true"}}
    part = client.post(here, sent(mine, [ROW], **GOOD | {"从业年数": "abc"}), **by_itself)
    key = of["从业年数"].key
    assert (part.status_code, said(part.text)) == (200, ({key: NUMBER_WRONG}, {key: NUMBER_WRONG}))
    assert f'<div id="id_{key}_error" hx-swap-oob="true">' in part.text
    page = client.get(here).text
    assert page.count('_error"') >= len(of)  # each line has the place it is put into
    assert kept(mine)["从业年数"] == "abc"
    part = client.post(here, sent(mine, [ROW], **GOOD), **by_itself).text
    assert (said(part), f'id="id_{key}_error"' in part) == (({}, {}), True)
    assert "都填好了，可以提交。" in part


def test_a_wrong_cell_keeps_no_other_cell_and_an_unfinished_row_is_only_listed(client, now):
    mine = written(now)
    client.force_login(mine.talent.user)
    here, key = mine.get_absolute_url(), lines(mine)["项目"].key
    rows = [ROW, ("去年", "水质监测", "十二月")]
    client.post(here, sent(mine, rows, **GOOD))
    page = client.get(here).text
    sentence = "第2行“年份”：请填写数字。"
    assert tables.rows(kept(mine)["项目"]) == [list(row) for row in rows]
    assert said(page) == ({key: sentence}, {key: sentence})
    box = re.search(rf'<input[^>]*name="{key}-1-2"[^>]*>', page)[0]
    assert ['value="十二月"' in box, 'type="text"' in box] == [True, True]
    client.post(here, sent(mine, [ROW, ("2025", "", "")], **GOOD))
    listed = {key: "第2行“项目”：还没有填写。"}
    assert said(client.get(here).text) == ({}, listed)


def test_what_cannot_be_kept_stays_on_the_page_and_the_rest_is_saved(client, now):
    mine = written(now)
    client.force_login(mine.talent.user)
    here, of = mine.get_absolute_url(), lines(mine)
    client.post(here, sent(mine, [ROW], **GOOD))
    before = kept(mine)
    too_long = {"主要事迹": "长" * 10_001, "类别": "军事", "从业年数": "13"}
    page = client.post(here, sent(mine, [("2" * 10_001, "", "")], **GOOD | too_long))
    assert (page.status_code, kept(mine)) == (422, before | {"从业年数": "13"})
    assert "长" * 10_001 in page.text
    assert "标出的地方没有保存，改好后请再按“保存”；其余都已保存。" in page.text
    at_line, checklist = said(page.text)
    wrong = {of[label].key for label in ("主要事迹", "类别", "项目")}
    assert (at_line.keys(), checklist.keys()) == (wrong, wrong)
    handed_in = client.post(here, sent(mine, [ROW], **GOOD | too_long) | {"submit": "1"})
    mine.refresh_from_db()
    assert (handed_in.status_code, mine.state) == (422, "draft")


def test_a_wrong_number_of_members_keeps_the_name_of_the_collective(client, now):
    mine = written(now, subjects=["person", "collective"])
    client.force_login(mine.talent.user)
    here = mine.get_absolute_url()
    about = {"subject": "collective", "collective_name": "测试组", "members": "林一"}

    def saved(**heads):
        page = client.post(here, sent(mine, **GOOD) | about | heads)
        mine.refresh_from_db()
        stored = (mine.collective_name, mine.members, mine.head_count, mine.women_count)
        return page.status_code, said(page.text)[1], stored

    client.post(here, sent(mine, **GOOD) | about | {"head_count": "5", "women_count": "3"})
    for heads, name in (
        ({"head_count": "五", "women_count": "3"}, "head_count"),
        ({"head_count": "1000000000", "women_count": "3"}, "head_count"),
        ({"head_count": "5", "women_count": "9"}, "women_count"),
        ({"head_count": "2", "women_count": "-1"}, "women_count"),
    ):
        about["members"] += "、林二"
        status, checklist, stored = saved(**heads)
        assert (status, name in checklist, stored) == (
            422,
            True,
            ("测试组", about["members"], 5, 3),
        ), heads
    assert saved(head_count="6", women_count="4")[2][2:] == (6, 4)  # the control


def test_nobody_overwrites_the_other_with_a_page_that_shows_something_wrong(client, now):
    mine = written(now)
    friend, her = factories.user("陈同事"), mine.talent.user
    make.colleague(mine, by=friend, now=now)
    client.force_login(her)
    here, of = mine.get_absolute_url(), lines(mine)
    client.post(here, sent(mine, [ROW], **GOOD))

    def marks(page):
        return dict(re.findall(r'name="(seen_\d+)" value="(\w+)"', page))

    def writes(label, text):
        operations.save_answers(
            application=mine, answers={of[label].pk: text}, by=friend, now=timezone.now()
        )

    page = marks(client.get(here).text)
    writes("类别", "教育")  # a line she does not touch
    writes("主要事迹", "同事写的")  # the line she gets wrong
    wrong = GOOD | {"主要事迹": "长" * 10_001, "从业年数": "abc"}
    again = client.post(here, sent(mine, [ROW], **wrong) | page)
    assert again.status_code == 422
    client.post(here, sent(mine, [ROW], **wrong | {"主要事迹": "她写的"}) | marks(again.text))
    assert kept(mine) == wrong | {
        "主要事迹": "同事写的",
        "类别": "教育",
        "项目": tables.kept(of["项目"], [ROW]),
    }
    # The control: a page that names no marks overwrites.
    client.post(here, sent(mine, [ROW], **GOOD))
    assert kept(mine) == GOOD | {"项目": tables.kept(of["项目"], [ROW])}


def test_a_colleague_finds_the_same_sentence_and_table_and_cannot_send_files(client, now):
    mine, friend = written(now), factories.user("陈同事")
    make.colleague(mine, by=friend, now=now)
    client.force_login(friend)
    here, of = f"/calls/shared/{mine.code}/", lines(mine)
    rows = [("去年", "芯片测试", "2024-12-01")]
    answer = client.post(here, sent(mine, rows, **GOOD | {"从业年数": "十"}))
    assert (answer.status_code, answer["Location"]) == (302, here)
    page = client.get(here).text
    wrong = {of["从业年数"].key: NUMBER_WRONG, of["项目"].key: "第1行“年份”：请填写数字。"}
    assert said(page) == (wrong, wrong)
    assert f'name="{of["项目"].key}-1-0"' in page  # one more row


def test_a_session_that_ends_in_the_middle_gives_back_what_was_typed_wrong_as_well(client, now):
    mine = written(now)
    her = mine.talent.user
    her.set_password("两江Camellia2026")
    her.save()
    here, key = mine.get_absolute_url(), lines(mine)["从业年数"].key
    signing_in = {"login": her.phone, "password": "两江Camellia2026"}
    client.post("/accounts/login/", signing_in)
    typed = sent(mine, [ROW], **GOOD | {"从业年数": "十二年"})
    Session.objects.all().delete()
    cache.clear()
    client.post(here, typed, headers={"referer": f"http://testserver{here}"})
    assert kept(mine) == {}
    client.post("/accounts/login/", signing_in | {"next": here})
    page = client.get(here).text
    box = re.search(rf'<input[^>]*name="{key}"[^>]*>', page)[0]
    assert ['value="十二年"' in box, "攻关三年" in page, "芯片测试" in page] == [True] * 3
    client.post(here, typed)
    assert kept(mine)["从业年数"] == "十二年"
