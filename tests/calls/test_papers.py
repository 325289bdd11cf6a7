"""Tables and files of a form: kept as typed, refused in a sentence, stripped for blind eyes, gone with what she wrote."""

import io
import zipfile
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from calls import documents, operations, personal_data, rules, sheet, tables
from calls.models import Assignment, Attachment, AttachmentPiece, Field
from calls.operations.applying import answers_of, words_of
from kernel.errors import DomainError
from privacy import copies
from talents import operations as merging
from talents.doubles.models import Merge
from talents.erasure import operations as erasure
from tests import factories
from tests.calls import make
from tests.kernel.test_pictures import photo
from tests.kernel.test_plain_documents import HER, everything, pdf, spelt, word

pytestmark = pytest.mark.django_db
NOW = factories.NOW
BLIND = ("acceptance", "blind_scoring", "decision")


def refused(operation, **given):
    """Return the sentence with which an operation is refused."""
    with pytest.raises(DomainError) as error, transaction.atomic():
        operation(**given)
    return str(error.value)


def attach(mine, *sent, now=NOW, by=None):
    """Put files to the application's line for them."""
    field = mine.call.fields.get(kind="file")
    return operations.attach_files(application=mine, field=field, sent=sent, by=by, now=now)


def begun(**fields):
    """Return an application to a call with a table and files, nothing filled in."""
    return operations.start_application(
        call=make.papers(**fields), talent=factories.talent(), by=None, now=NOW
    )


# --- tables ----------------------------------------------------------------------------------------
def test_columns_are_written_line_by_line_and_what_is_wrong_is_said():
    text = "年份 | 数字\n项目｜文字｜10｜Project\n角色"
    found = tables.columns(text)
    assert [(c["name"], c["kind"], c["limit"], c["name_en"]) for c in found] == [
        ("年份", "number", 60, ""),
        ("项目", "text", 10, "Project"),
        ("角色", "text", 60, ""),
    ]
    assert tables.columns(tables.columns_text(found)) == found
    with override("en"):
        assert tables.columns(tables.columns_text(found)) == found
    assert [
        refused(tables.columns, text=text)
        for text in ("", "年份 | 金额", "年份 | 数字 | 900", "| 数字", "年份\n年份", "栏\n" * 9)
    ] == [
        "表格至少要有一栏，每行写一栏。",
        "第 1 行：填写方式只能是文字、数字或日期，不能是“金额”。",
        "第 1 行：字数上限须是 1 到 200 的整数。",
        "每一栏都要有名称，不超过 60 个字。",
        "栏目的名称不能重复。",
        "表格最多 8 栏。",
    ]


def test_rows_are_kept_as_typed_and_a_wrong_cell_is_said_when_she_hands_in():
    mine = begun()
    table = mine.call.fields.get(kind="table")

    def said(*rows):
        answers = {table.pk: [list(row) for row in rows]}
        operations.save_answers(application=mine, answers=answers, by=None, now=NOW)
        kept = answers_of(mine).get(table.pk, "")
        assert tables.rows(kept) == [list(row) for row in rows if any(row)]
        return str(rules.why_not_answer(table, kept))

    good = ("2024", "芯片测试", "2024-12-01")
    assert [
        said(good),
        said(("去年", "芯片测试", "2024-12-01")),
        said(good, ("2024", "芯" * 12, "2024-12-01")),
        said(("2024", "芯片测试", "十二月")),
        said(("2024", "", "2024-12-01")),
        said(good, good, good, good),
        said(("", "", "")),
    ] == [
        "None",
        "第 1 行“年份”：请填写数字。",
        "第 2 行“项目”：最多 10 个字，多了 2 个。",
        "第 1 行“结题日期”：请填写日期，例如 2024-03-08。",
        "第 1 行“项目”：还没有填写。",
        "最多填 3 行，多了 1 行。",
        "还没有填写。",
    ]


def test_a_table_is_printed_exported_and_read_in_words():
    mine = operations.submit_application(application=make.with_papers(), by=None, now=NOW)
    assert "年份：2024；项目：芯片测试；结题日期：2024-12-01" in words_of(mine).values()
    sections = documents.data(mine)["sections"]
    assert sections[1]["table"] == {
        "head": ["年份", "项目", "结题日期"],
        "rows": make.ROWS,
    }
    assert sections[2]["lines"] == [["证书.pdf", "", ""]]
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert documents.made(mine, kind)[0].startswith(start)
    assert "项目：芯片测试" in everything(sheet.made(mine.call)).decode("utf-8", "ignore")


def test_without_a_script_a_row_is_added_by_saving_and_taken_out(client):
    now = timezone.now()
    mine = make.with_papers(now=now)
    client.force_login(mine.talent.user)
    here, key = mine.get_absolute_url(), mine.call.fields.get(kind="table").key
    page = client.get(here).content.decode()
    assert [f'name="{key}-{n}-1"' in page for n in range(3)] == [True, True, False]
    typed = {f"{key}-0-0": "2024", f"{key}-1-1": "没写完", "at_line": key}
    answer = client.post(here, typed)
    assert (answer.status_code, answer["Location"]) == (302, f"{here}#{key}")
    assert 'value="没写完"' in client.get(here).content.decode()
    assert f'name="{key}-2-1"' in client.get(here).content.decode()
    wrong = client.post(here, typed | {"submit": "1"}, follow=True)
    assert (wrong.status_code, "第 1 行“项目”：还没有填写。" in wrong.content.decode()) == (
        422,
        True,
    )
    client.post(here, typed | {"remove_row": f"{key}-1"})
    assert "没写完" not in client.get(here).content.decode()


# --- files -----------------------------------------------------------------------------------------
def test_a_file_is_kept_whole_once_and_encrypted():
    mine = begun()
    (file,) = attach(mine, ("成果证明（林）.pdf", make.PDF))
    again = attach(mine, ("成果证明（林）.pdf", make.PDF))
    assert ([file], mine.attachments.count()) == (again, 1)
    name, data = operations.read_file(attachment=file, by=mine.talent.user)
    assert (name, data) == ("成果证明（林）.pdf", make.PDF)
    stored = Attachment.objects.raw("SELECT id, file_name::text AS raw FROM calls_attachment")[0]
    assert "成果" not in stored.raw
    operations.detach_file(attachment=file, by=None, now=NOW)
    operations.detach_file(attachment=file, by=None, now=NOW)
    assert mine.attachments.count() == 0


def test_what_is_not_what_it_says_is_refused_and_nothing_is_kept():
    mine = begun()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml.document.main+xml")
        archive.writestr("word/document.xml", "<a/>")
        archive.writestr("word/media/a.bin", bytes(200 << 20))
    sentences = [
        _refused(mine, sent)
        for sent in (
            ("a.exe", b"MZ" + bytes(99)),
            ("a.pdf", b"<html>"),
            ("a.pdf", photo()),
            ("a.docx", make.PDF),
            ("a.pdf", b"%PDF-1.7 cut off"),
            ("a.docx", b"PK\x03\x04" + bytes(99)),
            ("a.docx", bomb.getvalue()),
            ("a.jpg", b"\xff\xd8\xff" + bytes(99)),
            ("a.pdf", b"%PDF-" + bytes(2 << 20)),
        )
    ]
    assert sentences == [
        "“a.exe”：这里只能上传 PDF、Word（.docx）或图片（JPG、PNG）；其他格式请先另存。",
        "“a.pdf”：这里只能上传 PDF、Word（.docx）或图片（JPG、PNG）；其他格式请先另存。",
        "“a.pdf”：文件内容和扩展名不一致，请重新另存后再上传。",
        "“a.docx”：文件内容和扩展名不一致，请重新另存后再上传。",
        "“a.pdf”：这个文件打不开或已损坏，请重新另存后再上传。",
        "“a.docx”：这个文件打不开或已损坏，请重新另存后再上传。",
        "“a.docx”：这个文件展开后太大，请精简后再上传。",
        "“a.jpg”：这张图片打不开，请重新拍一张或另存后再上传。",
        "“a.pdf”：文件超过 1 MB，请压缩后再上传。",
    ]
    three = [(f"{name}.pdf", make.PDF) for name in "abc"]
    assert _refused(mine, *three) == "这里最多上传 2 个文件，已有 0 个；请先删除不用的。"
    assert Attachment.objects.count() == 0


def _refused(mine, *sent):
    with pytest.raises(DomainError) as error:
        attach(mine, *sent)
    return str(error.value)


def test_behind_the_deadline_and_once_handed_in_no_file_comes_or_goes():
    mine = make.with_papers()
    late = make.over(mine)
    file = mine.attachments.get()
    assert "截止" in refused(attach, mine=mine, now=late)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(added_at=late)
    operations.submit_application(application=mine, by=None, now=NOW)
    mine.refresh_from_db()
    assert "已经提交" in refused(operations.detach_file, attachment=file, by=None, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.create(
            application=mine, field=file.field, file_name="x", kind="pdf", size=1, added_at=NOW
        )


def test_she_and_staff_who_lead_fetch_it_and_nobody_else(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    now = timezone.now()
    mine = make.with_papers(now=now)
    file = mine.attachments.get()
    at = f"/admin/calls/application/{mine.pk}/files/{file.code}/"
    clerk = factories.staff("department_clerk")
    elsewhere = factories.staff("department_clerk", department_code="science_innovation")

    def got(user, where):
        client.force_login(user)
        answer = client.get(where)
        return answer.content if answer.status_code == 200 else None

    hers = file.get_absolute_url()
    assert [got(mine.talent.user, hers), got(factories.user(), hers), got(clerk, hers)] == [
        make.PDF,
        None,
        None,
    ]
    assert got(clerk, at) is None  # not handed in: hers alone
    operations.submit_application(application=mine, by=None, now=now)
    assert [got(clerk, at), got(elsewhere, at)] == [make.PDF, None]
    assert at in (got(clerk, f"/admin/calls/application/{mine.pk}/change/") or b"").decode()
    client.force_login(mine.talent.user)
    answer = client.get(hers)
    assert ("no-store" in answer["Cache-Control"], answer["Content-Disposition"][:10]) == (
        True,
        "attachment",
    )
    assert "证书.pdf" in client.get(mine.get_absolute_url()).content.decode()


def test_uploading_by_the_page_keeps_what_was_typed_beside_it(client):
    now = timezone.now()
    mine = operations.start_application(
        call=make.papers(now), talent=factories.talent(), by=None, now=now
    )
    client.force_login(mine.talent.user)
    here = mine.get_absolute_url()
    table, files = (field.key for field in mine.call.fields.all())
    good, bad = SimpleUploadedFile("a.pdf", make.PDF), SimpleUploadedFile("b.pdf", b"MZ")
    wrong = client.post(here, {f"{table}-0-1": "写到一半", files: [bad]})
    assert (wrong.status_code, "这里只能上传" in wrong.content.decode()) == (422, True)
    answer = client.post(here, {f"{table}-0-1": "写到一半", files: [good], "at_line": files})
    assert answer["Location"] == f"{here}#{files}"
    page = client.get(here).content.decode()
    assert ["写到一半" in page, "a.pdf" in page] == [True, True]
    client.post(here, {"remove_file": mine.attachments.get().code})
    assert mine.attachments.count() == 0


# --- blind -----------------------------------------------------------------------------------------
def test_a_blind_reviewer_reads_files_that_say_nothing_of_her(client):
    now = timezone.now()
    begin = now - timedelta(days=12)
    her = factories.talent(full_name=HER, unit=factories.unit())
    to = make.papers(begin, stages=BLIND, file_mb=1)
    sent = ((f"{HER}.pdf", pdf()), (f"{HER}.docx", word(f"负责人{HER}")))
    mine = make.with_papers(to, her, begin, sent)
    assert [file.names_her for file in mine.attachments.all()] == [False, True]
    operations.submit_application(application=mine, by=None, now=begin)
    operations.accept_application(application=mine, by=None, now=begin)
    found = make.review_of(to, now)
    sheet_of = make.opened(Assignment.objects.get(candidate__review=found))
    client.force_login(sheet_of.reviewer.user)
    page = client.get(sheet_of.get_absolute_url()).content.decode()
    assert [HER in page, "-证明材料-1.pdf" in page, "项目：芯片测试" in page] == [False, True, True]
    stored = mine.attachments.first()
    address = f"/calls/review/sheet/{sheet_of.code}/files/{stored.code}/"
    answer = client.get(address)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert not [text for text in spelt(HER) if text in everything(answer.content)]
    assert HER not in unquote(answer["Content-Disposition"])
    other = make.with_papers(make.papers(now), now=now).attachments.get()
    assert client.get(address.replace(stored.code, other.code)).status_code == 403
    client.force_login(factories.user())
    assert client.get(address).status_code == 403


def test_the_form_says_that_files_must_not_name_her_and_staff_are_told(client):
    now = timezone.now()
    mine = operations.start_application(
        call=make.papers(now, stages=BLIND), talent=factories.talent(), by=None, now=now
    )
    client.force_login(mine.talent.user)
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "文件和图片里不要出现姓名和单位" in page
    attach(mine, ("a.docx", word(mine.talent.full_name)), now=now)
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "文件里写着您的姓名或单位" in page


# --- the form, and what becomes of it --------------------------------------------------------------
def test_a_copy_has_table_and_files_and_once_open_they_are_frozen():
    to = make.papers()
    again = operations.copy_call(call=to, opens_at=NOW, closes_at=NOW + make.DAY, by=None, now=NOW)
    shape = ("kind", "columns", "most", "file_kinds", "file_mb")
    assert list(again.fields.values_list(*shape)) == list(to.fields.values_list(*shape))
    with pytest.raises(IntegrityError), transaction.atomic():
        Field.objects.filter(call=to, kind="table").update(most=9)
    assert "不再改动" in refused(operations.remove_field, field=to.fields.first(), by=None, now=NOW)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "table", "columns": []}, "表格至少要有一栏，每行写一栏。"),
        ({"kind": "file", "file_kinds": []}, "请选择可以上传哪几种文件。"),
        (
            {"kind": "file", "file_kinds": ["pdf"], "most": 11},
            "最多几行或几个文件须在 1 到 10 之间。",
        ),
        (
            {"kind": "file", "file_kinds": ["pdf"], "file_mb": 11},
            "每个文件的大小须在 1 到 10 MB 之间。",
        ),
    ],
)
def test_a_line_that_is_none_is_refused(values, sentence):
    to = make.draft(lines=False)
    assert refused(make.line, call=to, label="材料", **values) == sentence


def test_a_clerk_writes_a_table_and_corrects_it(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    client.force_login(factories.staff("department_clerk"))
    to = make.draft(lines=False)
    here = f"/admin/calls/call/{to.pk}/fields/"
    line = {"kind": "table", "label": "项目", "limit": "200", "most": "4", "file_mb": "5"}
    wrong = client.post(f"{here}add/", line | {"columns": "年份 | 金额"})
    assert (wrong.status_code, "不能是“金额”" in wrong.content.decode()) == (422, True)
    assert client.post(f"{here}add/", line | {"columns": "年份 | 数字\n项目"}).status_code == 302
    page = client.get(f"{here}{to.fields.get().pk}/").content.decode()
    assert "年份 | 数字 | 60\n项目 | 文字 | 60" in page
    assert "最多 4 行" in client.get(here).content.decode()


def test_her_copy_holds_her_files_and_they_go_with_what_she_wrote():
    mine = make.with_papers()
    user = mine.talent.user
    with zipfile.ZipFile(io.BytesIO(copies.archive(user, NOW))) as archive:
        (name,) = (name for name in archive.namelist() if "application-" in name)
        assert archive.read(name) == make.PDF
        assert "年份：2024" in archive.read("index.html").decode()
    assert mine.pk in personal_data.old_applications(make.over(mine)).values_list("pk", flat=True)
    mine.answers.all().delete()
    rows = personal_data.old_applications(make.over(mine))
    assert mine.pk in rows.values_list("pk", flat=True)
    personal_data.drop_words(rows)
    assert (Attachment.objects.count(), AttachmentPiece.objects.count()) == (0, 0)


def test_files_go_over_with_her_record_and_back_and_are_gone_once_she_is_erased(client):
    now, mine = timezone.now(), make.with_papers(now=timezone.now())
    lose, her, hers = mine.talent, mine.talent.user, mine.attachments.get().get_absolute_url()
    keep = factories.talent(full_name=lose.full_name, user=None, source="import", unit=lose.unit)
    client.force_login(her)

    def found():
        return Attachment.objects.get().application.talent_id, client.get(hers).content

    merged = merging.merge_records(
        keep=keep, lose=lose, reason="电话核实是同一人", by=None, now=now
    )
    assert found() == (keep.pk, make.PDF)
    merging.undo_merge(
        merge=Merge.objects.get(pk=merged.pk), reason="经核对不是同一人", by=None, now=now
    )
    assert found() == (lose.pk, make.PDF)
    erasure.ask_erasure(user=her, by=her, now=now)
    assert erasure.erase_due(now=now + erasure.COOLING) == 1
    assert (Attachment.objects.count(), AttachmentPiece.objects.count()) == (0, 0)
    assert client.get(hers).status_code != 200
