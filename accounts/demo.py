"""The demo's departments' staff and partner units (liangjiang.demo)."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from stdnum.cn import uscc

from accounts.models import Department, Unit, UnitKind, User
from kernel import invented

PASSWORD = "liangjiang-2026"  # noqa: S105 - the demo's, printed on the screen

# name, kind, district, section of the national economy
UNITS = (
    ("重庆悦来数字经济产业研究院", "research_institute", "悦来街道", "M"),
    ("两江航空航天动力研究所", "research_institute", "水土街道", "M"),
    ("重庆两江半导体研究院", "research_institute", "水土街道", "M"),
    ("重庆明月湖机器人有限公司", "enterprise", "龙兴镇", "C"),
    ("重庆两江新区智行汽车技术有限公司", "enterprise", "鱼嘴镇", "C"),
    ("重庆照母山软件园服务有限公司", "enterprise", "大竹林街道", "I"),
    ("重庆江北嘴金融科技有限公司", "enterprise", "江北嘴", "J"),
    ("重庆果园港智慧物流有限公司", "enterprise", "鱼嘴镇", "G"),
    ("重庆水土生物医药有限公司", "enterprise", "水土街道", "C"),
    ("重庆礼嘉新材料有限公司", "enterprise", "礼嘉街道", "C"),
    ("重庆翠云环境科技有限公司", "enterprise", "翠云街道", "N"),
    ("重庆金山医疗机器人实验室", "research_institute", "人和街道", "M"),
    ("重庆礼嘉医院", "hospital", "礼嘉街道", "Q"),
    ("重庆人和妇幼保健院", "hospital", "人和街道", "Q"),
    ("两江新区人民小学", "school", "人和街道", "P"),
    ("两江新区金州中学", "school", "金山街道", "P"),
    ("重庆两江工程技术学院", "school", "龙兴镇", "P"),
    ("两江新区女科技工作者协会", "association", "人和街道", "S"),
    ("两江新区女企业家协会", "association", "天宫殿街道", "S"),
    ("两江普惠银行", "bank", "江北嘴", "J"),
)

# code, name, e-mail, department, roles
STAFF = (
    (
        "DEMOADMIN",
        "管理员",
        "admin@example.cn",
        "women_federation",
        ["administrator"],
    ),
    (
        "DEMOCLERK",
        "周雨桐",
        "clerk@example.cn",
        "women_federation",
        ["department_clerk", "department_reviewer"],
    ),
    (
        "DEMOEVENT",
        "林清禾",
        "organiser@example.cn",
        "women_federation",
        ["event_organiser"],
    ),
    (
        "DEMOPOINT",
        "郑思宁",
        "points@example.cn",
        "women_federation",
        ["points_clerk"],
    ),
    (
        "DEMOFINAN",
        "蒋明远",
        "finance@example.cn",
        "women_federation",
        ["finance_officer"],
    ),
    (
        "DEMOVOLUN",
        "何思齐",
        "volunteers@example.cn",
        "women_federation",
        ["outreach_coordinator"],
    ),
    ("DEMOSTATN", "韩晓岚", "station@example.cn", "women_federation", []),
    (
        "DEMOAUDIT",
        "高静然",
        "auditor@example.cn",
        "organisation_personnel",
        ["auditor"],
    ),
    (
        "DEMOTECHN",
        "徐知意",
        "science@example.cn",
        "science_innovation",
        ["department_clerk", "department_reviewer", "event_organiser"],
    ),
    # Who signs what the one above has drafted.
    (
        "DEMOSIGNR",
        "罗云舒",
        "signer@example.cn",
        "science_innovation",
        ["department_reviewer"],
    ),
)


def make(world):
    """Make units and staff; sets `departments` and `staff` ({code: row}), `units` and `password`."""
    world.password = make_password(PASSWORD, salt="demo")
    world.departments = {d.code: d for d in Department.objects.all()}
    make_units(world)
    make_staff(world)


def make_units(world):
    """Make the partner units, with social credit codes whose check digit is right."""
    world.say("units")
    world.units = []
    for number, (name, kind, district, _industry) in enumerate(UNITS):
        body = f"91500000MADEM{number:03d}9"
        code = body + uscc.calc_check_digit(body)
        world.units.append(
            Unit.objects.create(
                name=name,
                kind=kind,
                district=district,
                uscc=code,
                is_partner=True,
                address=f"两江新区{district}",
            )
        )


def make_user(world, number, full_name, *, email=None, joined=None, **fields):
    """Save one account with a verified phone and, if given, a verified address."""
    user = User(
        full_name=full_name,
        phone=invented.phone(number),
        phone_verified=True,
        date_joined=joined or world.now,
        **fields,
    )
    user.password = world.password
    user.save()
    if email:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_staff(world):
    """Make one login for each role, and a unit's contact."""
    world.say("staff")
    world.staff = {}
    for number, (code, name, email, department, roles) in enumerate(STAFF, start=9000):
        user = make_user(
            world,
            number,
            name,
            email=email,
            code=code,
            department=world.departments[department],
            is_staff=bool(roles),
            is_superuser=code == "DEMOADMIN",
        )
        user.groups.set(Group.objects.filter(name__in=roles))
        world.staff[code] = user
    school = next(unit for unit in world.units if unit.kind == UnitKind.SCHOOL)
    world.contacts = {}
    for number, name, email, code, unit in (
        (9100, "冯若竹", "unit@example.cn", "DEMOUNITS", world.units[0]),
        (9101, "田秋实", "school@example.cn", "DEMOSCHOO", school),
    ):
        contact = make_user(world, number, name, email=email, code=code, unit=unit)
        contact.groups.set(Group.objects.filter(name="unit_contact"))
        world.contacts[code] = contact
