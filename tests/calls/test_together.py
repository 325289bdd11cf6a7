"""Colleagues write an application with her: invited by a link, removed at any time, nothing silently overwritten."""

import pytest
from django.urls import reverse
from django.utils import timezone

from calls import operations, together_rules
from calls.models import Answer, Colleague, LineChange
from kernel.errors import Conflict, Refused
from notices.models import Notice
from tests import factories
from tests.calls import make

NOW = factories.NOW
pytestmark = pytest.mark.django_db


def text(application, label="主要事迹"):
    return Answer.objects.get(application=application, field__label=label).text


def line(application, label="主要事迹"):
    return application.call.fields.get(label=label)


def typed(application, words, by, seen=None, label="主要事迹", now=NOW):
    """Save one line as a page does that was made when it said `seen`."""
    pk = line(application, label).pk
    return operations.save_answers(
        application=application,
        answers={pk: words},
        seen={pk: together_rules.mark(seen)} if seen is not None else None,
        by=by,
        now=now,
    )


def test_a_colleague_joins_by_a_link_that_works_once():
    row = operations.invite_colleague(application=make.begun(), role="editor", by=None, now=NOW)
    about = {"colleague": row, "now": NOW}
    assert Colleague.found(row.pk, row.secret) == row
    assert Colleague.found(row.pk, "0" * 32) is None
    friend = factories.user("陈同事")
    for _twice in range(2):
        operations.accept_invitation(by=friend, **about)
    with pytest.raises(Conflict, match="已有人接受"):
        operations.accept_invitation(by=factories.user("路人"), **about)
    told = Notice.objects.filter(recipient=row.application.talent.user)
    assert [notice.kind for notice in told] == ["calls.joined"]


def test_who_sees_all_applications_or_is_herself_does_not_join():
    application = make.begun()
    row = operations.invite_colleague(application=application, role="editor", by=None, now=NOW)
    clerk = factories.staff("department_clerk", department_code="science_innovation")
    for by in (application.talent.user, clerk):
        with pytest.raises(Refused):
            operations.accept_invitation(colleague=row, by=by, now=NOW)
    assert row.application.colleagues.joined().count() == 0


def test_a_colleague_writes_and_only_she_does_the_rest():
    friend = factories.user("陈同事")
    row = make.colleague(by=friend)
    application, about = row.application, {"application": row.application, "by": friend, "now": NOW}
    typed(application, "牵头三个项目", friend)
    assert text(application) == "牵头三个项目"
    for operation, more in (
        (operations.submit_application, {}),
        (operations.withdraw_application, {}),
        (operations.describe_subject, {"values": {"is_leader": True}}),
        (operations.invite_colleague, {"role": "editor"}),
    ):
        with pytest.raises(Refused):
            operation(**about, **more)
    operations.end_colleague(colleague=row, by=application.talent.user, now=NOW)
    with pytest.raises(Refused):
        typed(application, "再改一次", friend)
    assert text(application) == "牵头三个项目"


def test_history_says_who_changed_a_line_and_typing_on_is_one_change():
    friend = factories.user("陈同事")
    application = make.colleague(by=friend).application
    her = application.talent.user
    for words in ("一", "一二", "一二三"):
        typed(application, words, friend)
    typed(application, "她改的", her)
    changes = LineChange.objects.filter(application=application).order_by("pk")
    assert [(one.by.full_name, one.field.label) for one in changes] == [
        ("陈同事", "主要事迹"),
        (her.full_name, "主要事迹"),
    ]


def test_what_another_wrote_meanwhile_is_not_overwritten():
    friend = factories.user("陈同事")
    application = make.colleague(by=friend).application
    her, before = application.talent.user, text(application)
    typed(application, "同事写的", friend, seen=before)
    kept = typed(application, "她写的", her, seen=before)
    assert (text(application), list(kept.clashes.values())) == ("同事写的", ["同事写的"])
    typed(application, "她写的", her, seen="同事写的")  # she has seen it and means it
    assert text(application) == "她写的"


def test_control_without_the_marks_the_later_save_overwrites():
    friend = factories.user("陈同事")
    application = make.colleague(by=friend).application
    typed(application, "同事写的", friend)
    assert typed(application, "她写的", application.talent.user).clashes == {}
    assert text(application) == "她写的"


def test_lines_a_page_did_not_touch_stay_as_another_has_written_them():
    friend = factories.user("陈同事")
    application = make.colleague(by=friend).application
    deeds, unit = line(application), line(application, "单位")
    seen = {one.pk: together_rules.mark("在一线攻关三年") for one in (deeds, unit)}
    about = {"application": application, "seen": seen, "now": NOW}
    hers = {deeds.pk: "她改了事迹", unit.pk: "在一线攻关三年"}
    his = {deeds.pk: "在一线攻关三年", unit.pk: "云岭研究院"}
    operations.save_answers(answers=hers, by=application.talent.user, **about)
    assert operations.save_answers(answers=his, by=friend, **about).clashes == {}
    assert (text(application), text(application, "单位")) == ("她改了事迹", "云岭研究院")


def test_members_of_a_collective_agree_by_a_link():
    application = make.begun(make.call(subjects=["person", "collective"]))
    with pytest.raises(Conflict, match="列成员"):
        make.colleague(application, role="member")
    values = {"subject": "collective", "collective_name": "测试组"}
    application = operations.describe_subject(
        application=application, values=values, by=None, now=NOW
    )
    member = factories.user("林成员")
    row = make.colleague(application, role="member", by=member)
    with pytest.raises(Refused):
        typed(application, "成员改的", member)
    operations.end_colleague(colleague=row, by=member, now=NOW)
    assert application.colleagues.joined().count() == 0


def test_her_colleagues_page_shows_the_form_and_nothing_else(client):
    friend, now = factories.user("陈同事"), timezone.now()
    application = make.begun(make.call(now), now=now)
    application.kept_away = "何评委"
    application.save()
    row = operations.invite_colleague(
        application=application, role="editor", by=None, now=timezone.now()
    )
    client.force_login(friend)
    shared = reverse("shared_application", args=[application.code])
    assert client.get(shared).status_code == 404
    assert client.post(row.get_absolute_url()).url == shared
    page = client.get(shared).text
    assert "在一线攻关三年" in page
    assert "何评委" not in page
    sent = {f"field_{line(application).pk}": "同事在页面上写的"}
    sent[f"seen_{line(application).pk}"] = together_rules.mark("在一线攻关三年")
    assert client.post(shared, sent).status_code == 302
    assert text(application) == "同事在页面上写的"
    stale = client.post(shared, sent | {f"field_{line(application).pk}": "又一次"})
    assert (stale.status_code, "别人刚改过这一项" in stale.text) == (422, True)
    operations.end_colleague(colleague=row, by=application.talent.user, now=timezone.now())
    assert client.get(shared).status_code == 404
