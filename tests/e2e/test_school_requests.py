"""A school asks for a volunteer on a phone, she accepts on hers, and a stranger sees neither."""

import pytest
from django.utils import timezone

from outreach.requests import operations
from outreach.requests.models import SchoolRequest
from tests.e2e.person import PHONE
from tests.outreach import counts, make, visits

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_school_asks_and_a_volunteer_accepts(person):
    contact, volunteer = counts.contact(visits.school()), make.ready()
    days = visits.days_ahead(timezone.now())
    visits.entry_of(days[0])
    school = person(PHONE).sign_in(contact)
    school.go("/outreach/requests/")
    school.press("新的申请")
    school.page.get_by_label("想要的内容").select_option("talk")
    school.page.get_by_label("学段").select_option("primary")
    school.page.get_by_label("所在片区").select_option("lijia")
    school.sees("已保存")
    school.press("保存并继续")
    for label, typed in (
        ("女生人数", "22"),
        ("男生人数", "20"),
        ("可以的日期（一）", days[0].isoformat()),
        ("可以的日期（二）", days[1].isoformat()),
        ("开始时间", "14:00"),
    ):
        school.page.get_by_label(label).fill(typed)
    school.page.get_by_label("上门时有老师在场").check()
    school.press("保存并继续")
    school.page.get_by_label("白名单活动").select_option(index=1)
    school.press("提交申请")
    school.sees("正在找人")
    request = SchoolRequest.objects.get()
    assert operations.ask_volunteers(request=request, now=timezone.now()) == 1
    hers = person(PHONE).sign_in(volunteer.talent.user)
    hers.go("/outreach/visits/")
    hers.page.get_by_role("link", name=request.unit.name).click()
    hers.look()
    hers.page.get_by_role("button", name="我去").first.click()
    hers.sees("学校在等您")
    school.go(f"/outreach/requests/{request.code}/")
    school.sees(volunteer.talent.full_name)
    stranger = person(PHONE)
    stranger.page.goto(f"/outreach/requests/{request.code}/")
    assert "/accounts/login/" in stranger.page.url


def test_a_pupil_answers_by_the_classs_code_and_the_school_reads_a_mean(person):
    now = timezone.now()
    contact = counts.contact(visits.school())
    request = operations.send_request(
        request=visits.of_world(contact.unit, now), by=contact, now=now
    )
    school = person(PHONE).sign_in(contact)
    school.go(f"/outreach/requests/{request.code}/survey/")
    school.press("开放班级码")
    code = request.rounds.get().code
    school.sees(code)
    pupil = person(PHONE)
    pupil.go("/outreach/class/")
    pupil.page.get_by_label("班级码").fill(code.lower())
    pupil.press("开始")
    pupil.page.get_by_label("女生").check()
    for box in pupil.page.get_by_label("比较同意").all():
        box.check()
    pupil.press("交")
    pupil.sees("谢谢，记下了")
    assert pupil.page.context.cookies() == []
    school.go(f"/outreach/requests/{request.code}/survey/before/")
    school.go(f"/outreach/requests/{request.code}/survey/")
    school.sees("女生 1 /")
