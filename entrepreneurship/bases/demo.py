"""Bases of the demo (liangjiang.demo): one of each kind, services, requests in every state."""

from accounts.models import Department
from entrepreneurship.bases import operations
from entrepreneurship.bases.models import BaseService

BASES = (
    ("demonstration_zone", "两江新区国家自主创新示范区服务中心", "政策咨询、知识产权和科技金融"),
    ("dual_base", "两江新区国家双创示范基地", "从注册、场地到路演，一站办完"),
    ("offshore_base", "国家海外人才离岸创新创业基地（重庆两江）", "人在海外，先把项目孵化起来"),
    ("returnee_park", "两江新区留学人员创业园", "留学归国人员的第一间办公室"),
    ("postdoc_park", "两江新区博创园", "博士和博士后的成果中试与转化"),
    ("returned_scholars", "两江新区欧美同学会", "同学互助、导师和海外合作"),
)
SERVICES = (
    ("一对一政策咨询", "所有女性科技人才", "免费", "023-67000001"),
    ("首年免租工位", "注册三年以内的团队", "第一年免费", "023-67000002"),
    ("海外项目落地辅导", "在海外学习或工作的女性", "免费", "023-67000003"),
    ("留学人员创业启动辅导", "留学归国人员", "免费", "023-67000004"),
    ("中试平台预约", "有样机或工艺的团队", "按机时，每小时 80 元", "023-67000005"),
    ("创业导师结对", "正在创业的会员", "免费", "023-67000006"),
)


def make(world):
    """Put them on the timeline."""
    world.at(world.days(-120), _open)
    for days, number, act in (
        (-50, 0, "answered"),
        (-40, 1, "declined"),
        (-30, 3, "reopened"),
        (-20, 5, "withdrawn"),
        (-12, 2, "open"),
        (-1, 4, "open"),
    ):
        world.at(world.days(days), _ask, number, act)


def _open(world, moment):
    by = world.staff["DEMOCLERK"]
    department = Department.objects.get(code="women_federation")
    rows = zip(BASES, SERVICES, strict=True)
    for (kind, name, summary), (title, for_whom, cost, contact) in rows:
        values = {"kind": kind, "name": name, "summary": summary, "owner": by, "is_open": True}
        base = operations.save_base(values=values | {"department": department}, by=by, now=moment)
        offer = {"title": title, "for_whom": for_whom, "cost": cost, "contact": contact}
        operations.save_service(base=base, values=offer, by=by, now=moment)


def _ask(world, number, act, moment):
    """Ask one base, and let come of it what `act` says."""
    talent, by = world.members[number], world.staff["DEMOCLERK"]
    service = BaseService.objects.get(title=SERVICES[number][0])
    hers, staff = {"by": talent.user, "now": moment}, {"by": by, "now": moment}
    request = operations.ask_base(
        service=service,
        talent=talent,
        words="想了解怎样申请，下个月能不能开始。",
        contact="请通过门户站内联系",
        **hers,
    )
    if act == "withdrawn":
        operations.withdraw_base_request(request=request, **hers)
    elif act == "declined":
        operations.decline_base_request(
            request=request, reason="full", answer="三月有新的名额，届时可以再提。", **staff
        )
    elif act in ("answered", "reopened"):
        operations.answer_base_request(
            request=request, answer="可以，请带身份证件和项目简介来窗口。", **staff
        )
        helped = "yes" if act == "answered" else "partly"
        operations.say_helped(request=request, helped=helped, **hers)
        if act == "reopened":
            operations.reopen_base_request(request=request, words="还想约一次导师", **hers)
