"""Files that prove an honour: what they are by their content, sealed, read by her and who looks into it, gone with her."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from honours import operations, personal_data
from honours.models import Award, AwardFile, AwardFilePiece
from kernel.errors import DomainError
from kernel.portal import Person
from privacy.models import AuditEntry
from tests import factories
from tests.honours import make
from tests.kernel.test_pictures import photo
from tests.kernel.test_plain_documents import word

pytestmark = pytest.mark.django_db
NOW, PDF = make.NOW, make.PDF


@pytest.fixture
def clerk(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    user = factories.staff("department_clerk")
    client.force_login(user)
    return user


def attach(award, *files, by=None):
    return operations.attach_evidence(award=award, files=files, by=by, now=NOW)


def refused(act, **given):
    """Return the sentence with which something is refused."""
    with pytest.raises(DomainError) as error:
        act(**given)
    return str(error.value)


def grant(files, **fields):
    talent = factories.talent()
    values = make.facts(talent, document_number="", **fields)
    about = {"talent": talent, "honour": make.honour(), "values": values, "by": None, "now": NOW}
    return operations.grant_award(files=files, **about)


def actions():
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_a_file_alone_is_evidence_and_is_kept_whole_and_sealed():
    assert "至少填一项" in refused(grant, files=[])
    award = grant([("表彰文件.pdf", PDF)])
    file = award.files.get()
    assert operations.read_evidence(file=file, by=None, now=NOW) == ("表彰文件.pdf", PDF)
    assert (file.kind, file.size) == ("pdf", len(PDF))
    with connection.cursor() as cursor:
        for model in (AwardFile, AwardFilePiece):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} t")
            stored = "".join(row[0] for row in cursor.fetchall())
            assert ("表彰文件" in stored, "JVBERi" in stored) == (False, False)


def test_the_same_file_is_there_once_and_there_are_five_at_most():
    award = make.award()
    assert len(attach(award, ("a.pdf", PDF), ("b.pdf", PDF))) == 2
    assert attach(award, ("a.pdf", PDF)) == []  # the button was pressed twice
    assert actions().count("honours.attach_evidence") == 1
    three = [(f"{name}.pdf", PDF) for name in "cde"]
    attach(award, *three)
    sentence = "依据文件最多 5 个，已有 6 个；请先删除不用的。"
    with pytest.raises(DomainError) as error:
        attach(award, ("f.pdf", PDF))
    assert (str(error.value), award.files.count()) == (sentence, 5)


def test_what_is_not_what_it_says_is_refused_in_a_sentence_and_nothing_is_written():
    crafted = [
        ("a.exe", b"MZ" + bytes(99)),
        ("a.pdf", b"<html>"),
        ("a.pdf", photo()),
        ("a.pdf", b"%PDF-1.7 cut off"),
        ("a.docx", b"PK\x03\x04" + bytes(99)),
        ("a.jpg", b"\xff\xd8\xff" + bytes(99)),
        ("a.pdf", b"%PDF-" + bytes(6 << 20)),
    ]
    sentences = [refused(grant, files=[("b.pdf", PDF), one]) for one in crafted]
    assert sentences == [
        "“a.exe”：这里只能上传 PDF、Word（.docx）或图片（JPG、PNG）；其他格式请先另存。",
        "“a.pdf”：这里只能上传 PDF、Word（.docx）或图片（JPG、PNG）；其他格式请先另存。",
        "“a.pdf”：文件内容和扩展名不一致，请重新另存后再上传。",
        "“a.pdf”：这个文件打不开或已损坏，请重新另存后再上传。",
        "“a.docx”：这个文件打不开或已损坏，请重新另存后再上传。",
        "“a.jpg”：这张图片打不开，请重新拍一张或另存后再上传。",
        "“a.pdf”：文件超过 5 MB，请压缩后再上传。",
    ]
    assert (Award.objects.count(), AwardFile.objects.count()) == (0, 0)


def test_a_picture_says_nothing_of_where_it_was_taken_and_a_word_file_is_opened():
    award = make.award()
    pictured, written = attach(award, ("证书.jpg", photo()), ("文件.docx", word()))
    assert b"Exif" not in operations.read_evidence(file=pictured, by=None, now=NOW)[1]
    assert written.kind == "docx"


def test_the_last_evidence_stays_until_there_is_another():
    award = grant([("a.pdf", PDF)])
    file = award.files.get()
    about = {"file": file, "reason": "传错了文件", "by": None, "now": NOW}
    assert "唯一的依据" in refused(operations.detach_evidence, **about)
    facts = make.facts(award.talent, document_number="")
    operations.correct_award(award=award, values=facts, by=None, now=NOW)  # a file is enough
    facts["evidence"] = "妇联网站 2026 年 3 月的公告"
    operations.correct_award(award=award, values=facts, by=None, now=NOW)
    assert "原因" in refused(operations.detach_evidence, **about | {"reason": ""})
    for _twice in range(2):
        operations.detach_evidence(**about)
    assert (award.files.count(), actions().count("honours.detach_evidence")) == (0, 1)


def test_of_what_was_revoked_no_file_comes_or_goes():
    file = make.proof()
    award = make.revoked(file.award)
    assert "已经撤销" in refused(
        operations.attach_evidence, award=award, files=[("b.pdf", PDF)], by=None, now=NOW
    )
    about = {"file": file, "reason": "传错了文件", "by": None, "now": NOW}
    assert "已经撤销" in refused(operations.detach_evidence, **about)


def test_she_and_who_looks_into_it_read_it_and_nobody_else(client, settings):
    settings.STAFF_SECOND_FACTOR = False
    file = make.proof()
    hers, theirs = (
        reverse("honour_evidence", args=[file.code]),
        reverse("admin:honours_award_evidence", args=[file.award_id, file.code]),
    )
    other = make.proof(make.award(code=make.CITY))
    mixed = reverse("admin:honours_award_evidence", args=[file.award_id, other.code])
    people = {
        "she": file.award.talent.user,
        "clerk": factories.staff("department_clerk"),
        "auditor": factories.staff("auditor"),
        "another woman": factories.talent().user,
        "elsewhere": factories.staff("department_clerk", department_code="science_innovation"),
        "organiser": factories.staff("event_organiser"),
    }
    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = [client.get(one).status_code for one in (hers, theirs, mixed)]
    assert found == {
        "she": [200, 403, 403],
        "clerk": [404, 200, 404],
        "auditor": [404, 200, 404],
        "another woman": [404, 403, 403],
        "elsewhere": [404, 404, 404],
        "organiser": [404, 404, 404],
    }
    assert actions().count("honours.read_evidence") == 2  # hers she reads without a note
    client.force_login(people["she"])
    answer = client.get(hers)
    assert "表彰文件.pdf" in unquote(answer["Content-Disposition"])
    assert "no-store" in answer["Cache-Control"]
    page = client.get(reverse("my_honours")).text
    assert (hers in page, "表彰文件.pdf" in page) == (True, True)


def test_a_clerk_registers_with_a_file_adds_one_and_takes_one_out(client, clerk):
    woman = factories.talent(full_name="林晓静")
    typed = dict.fromkeys(operations.FACTS, "") | {
        "talent_code": woman.code,
        "honour": make.honour(make.CITY).pk,
        "granted_on": "2025-03-06",
        "granted_by": "重庆市妇女联合会",
    }
    add = reverse("admin:honours_award_add")
    assert 'enctype="multipart/form-data"' in client.get(add).text
    bad = SimpleUploadedFile("证书.pdf", b"<html>")
    refusal = client.post(add, typed | {"files": bad})
    assert "“证书.pdf”：这里只能上传" in refusal.text
    assert 'value="重庆市妇女联合会"' in refusal.text
    good = [SimpleUploadedFile(f"{name}.pdf", PDF) for name in "ab"]
    assert client.post(add, typed | {"files": good}).status_code == 302
    award = make.only()

    def page(name):
        return reverse(f"admin:honours_award_{name}", args=[award.pk])

    assert client.post(page("prove"), {}).status_code == 422
    client.post(page("prove"), {"files": SimpleUploadedFile("c.pdf", PDF)})
    assert [file.file_name for file in award.files.all()] == ["a.pdf", "b.pdf", "c.pdf"]
    shown = client.get(page("change")).text
    assert all(f"{name}.pdf" in shown for name in "abc")
    first, foreign = award.files.first(), make.proof(make.award(code=make.POST))
    wrong = client.post(page("detach"), {"file": foreign.pk, "reason": "传错了文件"})
    assert (wrong.status_code, AwardFile.objects.count()) == (422, 4)
    client.post(page("detach"), {"file": first.pk, "reason": "传错了文件"})
    assert [file.file_name for file in award.files.all()] == ["b.pdf", "c.pdf"]
    history = client.get(page("history")).text
    assert ("添加荣誉的依据文件" in history, "传错了文件" in history) == (True, True)


def test_her_page_asks_as_often_for_three_files_as_for_one(client, django_assert_max_num_queries):
    award = make.award()
    client.force_login(award.talent.user)
    attach(award, ("a.pdf", PDF))
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("my_honours"))
    attach(award, ("b.pdf", PDF), ("c.pdf", PDF))
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(reverse("my_honours"))


# --- her data ---------------------------------------------------------------------------------------
def test_her_copy_holds_them_they_move_with_her_record_and_go_with_her():
    keep, lose = factories.talent(), factories.talent(user=None)
    file = make.proof(make.award(lose))
    personal_data.MOVINGS[0].move(keep, lose, NOW)
    assert list(personal_data.files(keep.user)) == [(f"honour-{file.pk}-表彰文件.pdf", PDF)]
    assert operations.read_evidence(file=AwardFile.objects.get(), by=keep.user, now=NOW)[1] == PDF
    for _twice in range(2):
        personal_data.erase(Person(keep.user, (keep,), "已删除用户 7"), NOW)
    assert (AwardFile.objects.count(), AwardFilePiece.objects.count()) == (0, 0)
    assert Award.objects.count() == 1


def test_three_years_after_a_revocation_they_are_gone_and_a_standing_honours_stay():
    kept, gone = make.proof(), make.proof(make.award(code=make.CITY))
    make.revoked(gone.award)
    personal_data.drop_reasons(personal_data.old_revoked(NOW + timedelta(seconds=1)))
    assert list(AwardFile.objects.all()) == [kept]
