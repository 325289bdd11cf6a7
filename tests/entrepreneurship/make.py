"""Ventures and bases as the tests need them."""

from datetime import date

from stdnum.cn import uscc

from calls import operations as calling
from entrepreneurship.bases import operations as bases
from entrepreneurship.bases.models import Base
from entrepreneurship.plans.models import PlanMember
from entrepreneurship.ventures import operations
from tests import factories
from tests.calls import make as calls

NOW = factories.NOW
# Codes of GB 32100 with a right check digit.
USCC, OTHER_USCC, THIRD_USCC = "91350100M000100Y43", "91110000600037341L", "91500000MA60F0000H"


def code(number):
    """Return one more code with a right check digit."""
    begin = f"91500000MA5U0{number:04d}"
    return begin + uscc.calc_check_digit(begin)


def woman(**fields):
    """Return a woman of the database."""
    return factories.talent(**fields)


def venture(talent=None, now=NOW, **values):
    """Return a venture she began; hers alone is 60 of 100."""
    said = {
        "name": "听声科技",
        "industry": "M",
        "summary": "用声学方法提前发现齿轮箱的故障",
        "stage": "idea",
        "day": date(2026, 1, 5),
        "role": "lead",
        "share": "60",
    }
    return operations.create_venture(
        talent=talent or woman(), values=said | values, by=None, now=now
    )


def registered(talent=None, now=NOW, **values):
    """Return a venture that is a company."""
    said = {"stage": "registered", "day": date(2023, 5, 20), "uscc": USCC}
    return venture(talent, now, **said | values)


def link(one, share="10", now=NOW):
    """Return an invitation to found it with her."""
    return operations.invite_founder(venture=one, role="technology", share=share, by=None, now=now)


def founder(one, share="10", talent=None, now=NOW):
    """Return a founder who confirmed it."""
    return operations.accept_founder(
        founder=link(one, share, now),
        talent=talent or woman(full_name="何创"),
        by=(talent.user if talent else None),
        now=now,
    )


def answers(**fields):
    """Return what is answered once a year."""
    said = {
        "alive": True,
        "jobs": 12,
        "women_jobs": 5,
        "revenue": "to_1m",
        "finance": "none",
        "patents": 2,
    }
    return said | fields


def answered(one, now=NOW, **fields):
    """Return what was answered of a venture."""
    return operations.answer_check(venture=one, values=answers(**fields), by=None, now=now)


def base(**fields):
    """Return a base the women's federation looks after."""
    fields.setdefault("kind", "returnee_park")
    fields.setdefault("name", f"两江新区留学人员创业园{Base.objects.count() or ''}")
    fields.setdefault("department", factories.department())
    return Base.objects.create(created_at=NOW, **fields)


def fresh(row):
    """Return a row as it is stored."""
    return type(row).objects.get(pk=row.pk)


PLAN = {"kind": "fund", "measure": 3, "title": "2026 年留创计划", "award": "留创计划资助"}


def plan(now=NOW, steps=(), **fields):
    """Return a plan that takes applications; `steps` are what follows an award."""
    draft = calls.draft(now, **PLAN | fields)
    for values in steps:
        calls.step(draft, now, **values)
    return calling.open_call(call=draft, by=None, now=now)


def concluded(of, *women, result="awarded", now=NOW):
    """Let these women be selected by a plan and its results be told; returns their applications, with the moment."""
    rows = [calls.accepted(of, woman, now) for woman in women]
    at = calls.over(rows[0])
    for row in rows:
        calling.decide_application(application=row, result=result, by=None, now=at)
    calling.conclude_call(call=of, by=None, now=at)
    return rows, at


def plan_member(talent=None, now=NOW, **fields):
    """Return a woman a plan selected."""
    talent = talent or woman(unit=factories.unit())
    (application,), _at = concluded(plan(now, **fields), talent, now=now)
    return PlanMember.objects.get(application=application)


# --- bases -----------------------------------------------------------------------------------------
def offer(**fields):
    """Return what a base does for women."""
    said = {
        "title": "首年免租工位",
        "for_whom": "注册三年以内的团队",
        "cost": "第一年免费",
        "contact": "023-67000000",
    }
    return said | fields


def service(one=None, now=NOW, **fields):
    """Return a service that was verified today."""
    one = one or base(owner=factories.staff(full_name="周受理"))
    return bases.save_service(base=one, values=offer(**fields), by=None, now=now)


def request(one=None, talent=None, now=NOW, **fields):
    """Return what a woman asked a base."""
    said = {"words": "两人团队，想从一月起用两个工位。", "contact": "zhou@example.cn"}
    return bases.ask_base(
        service=one or service(), talent=talent or woman(), by=None, now=now, **said | fields
    )
