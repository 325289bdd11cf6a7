"""The demo's women in science and technology (liangjiang.demo), and a great many for scale work."""

from datetime import timedelta
from random import Random

from accounts.demo import UNITS, make_user
from accounts.models import Department, Unit
from kernel import invented
from privacy.models import Consent
from talents import operations, search
from talents.career import demo as careers
from talents.career import keeping
from talents.models import Talent

CHUNK = 5000
HONOURS = (
    "重庆英才·青年拔尖人才",
    "市级巾帼建功标兵",
    "两江新区最美巾帼奋斗者",
    "市科技进步奖二等奖",
)
TITLES = (
    ("助理工程师", "junior"),
    ("工程师", "intermediate"),
    ("高级工程师", "associate"),
    ("正高级工程师", "senior"),
    ("副研究员", "associate"),
    ("研究员", "senior"),
    ("副教授", "associate"),
    ("教授", "senior"),
    ("主治医师", "intermediate"),
    ("副主任医师", "associate"),
)
POSITIONS = ("研发工程师", "项目负责人", "科室主任", "技术总监", "教师", "课题组长", "副所长", "")
FIELDS = (
    ("集成电路", "510"),
    ("人工智能", "520"),
    ("大数据", "520"),
    ("智能网联汽车", "580"),
    ("航空发动机", "590"),
    ("生物医药", "350"),
    ("临床医学", "320"),
    ("先进材料", "430"),
    ("环境工程", "610"),
    ("机器人", "510"),
    ("食品安全", "550"),
    ("教育技术", "880"),
)
SCHOOLS = (
    "重庆大学",
    "西南大学",
    "电子科技大学",
    "四川大学",
    "重庆医科大学",
    "重庆邮电大学",
    "东京大学",
)


def make(world):
    """Make the women: most in the database, some on the way, some reported by their unit only."""
    world.say("women in science and technology")
    world.talents = [make_talent(world, number) for number in range(world.women)]
    search.refresh(Talent.objects.all())  # what they have achieved was written beside their records
    world.members = [t for t in world.talents if t.user_id and t.is_verified]
    make_double(world.talents)
    paused = world.members[3]
    operations.pause(talent=paused, by=paused.user, now=world.now)


def make_double(talents):
    """Have one woman hand in a record though her unit has reported her, as happens every week."""
    waiting = [t for t in talents if t.state == "submitted"]
    for reported in (t for t in talents if t.is_verified and t.user is None):
        twin = next((t for t in waiting if t.department_id == reported.department_id), None)
        if twin is None:
            continue
        twin.full_name, twin.birth_month = reported.full_name, reported.birth_month
        twin.unit, twin.id_number = reported.unit, None
        twin.save()
        twin.user.full_name = twin.full_name
        twin.user.save(update_fields=["full_name"])
        return


def make_talent(world, number):
    """Save one woman with her account, consents and profile."""
    random = world.random
    joined = world.days(-random.randrange(5, 400), random.randrange(8, 20))
    name = "林静姝" if number == 0 else invented.full_name(random)
    state = "verified" if number < 20 else pick_state(world, number)
    reported = state == "verified" and number % 20 == 19
    user = None
    if not reported:
        email = f"woman{number}@example.cn" if number < 3 or number % 3 == 0 else None
        user = make_user(
            world, number + 1, name, email=email, joined=joined, code=f"DEMOW{number:04d}"
        )
        agree(world, user, joined, number)
    talent = Talent(
        user=user,
        full_name=name,
        state=state,
        source="import" if reported else "self",
        written_by="import" if reported else "self",
        code=f"T{number:05d}",
        created_at=joined,
        updated_at=joined,
        department=department_of(world, number),
        **profile(world, number),
    )
    if state != "draft":
        talent.submitted_at = joined + timedelta(hours=2)
        if state == "submitted":
            talent.submitted_at = world.now - timedelta(hours=7 * (number % 15) + 1)
        talent.updated_at = talent.submitted_at
    if state == "verified":
        talent.verified_at = joined + timedelta(days=2)
        talent.verified_by = world.staff["DEMOCLERK"]
        talent.tier = random.choice(["reserve"] * 6 + ["district"] * 3 + ["city", "national"])
    if state == "returned":
        talent.return_reason = "工作单位名称与社保缴纳单位不一致，请核对后重新提交"
    talent.save()
    careers.make(world, talent, number)
    return talent


def pick_state(world, number):
    """Spread the states: of twenty women two wait, one was sent back, one is still writing."""
    return {5: "submitted", 11: "submitted", 14: "returned", 17: "draft"}.get(
        number % 20, "verified"
    )


def department_of(world, number):
    """Give the science bureau a fifth of the records and the industry bureau a tenth."""
    code = {4: "science_innovation", 9: "industry_promotion", 14: "science_innovation"}
    return world.departments[code.get(number % 20, "women_federation")]


def profile(world, number):
    """Return {field: value} of the invented talent of this number."""
    random = world.random
    unit_number = number % len(world.units)
    title, level = random.choice(TITLES)
    level = {"junior": "primary", "associate": "associate_senior"}.get(level, level)
    field, discipline = random.choice(FIELDS)
    second = random.choice(FIELDS)[0]
    born = invented.birthday(random)
    degree, education = random.choice([("2", "11"), ("3", "14"), ("3", "14"), ("4", "21")])
    overseas = random.random() < 0.15
    return {
        "id_number": invented.identity_number(
            invented.REGIONS[number % len(invented.REGIONS)], born
        ),
        "birth_month": born.replace(day=1),
        "unit": world.units[unit_number],
        "position": random.choice(POSITIONS),
        "professional_title": title,
        "title_level": level,
        "education_level": education,
        "degree": degree,
        "school_and_major": f"{random.choice(SCHOOLS)} {field}",
        "discipline": discipline,
        "industry": UNITS[unit_number][3],
        "research_fields": list(dict.fromkeys([field, second])),
        "overseas_study": overseas,
        "overseas_detail": "东京大学联合培养博士（2 年）" if overseas else "",
        "honours": random.choice(HONOURS) if random.random() < 0.2 else "",
        "phone": invented.phone(number + 1),
    }


def agree(world, user, at, number):
    """Record what she agreed to at sign-up."""
    purposes = ["talent_database", "identity_number"]
    if number % 4 != 3:
        purposes.append("messages")
    if number % 3 != 2:
        purposes.append("unit_sharing")
    Consent.objects.bulk_create(
        Consent(user=user, purpose=p, granted=True, text_version="1", at=at) for p in purposes
    )


# --- a great many -------------------------------------------------------------------------------


def add_talents(count, *, now, progress=lambda done: None):
    """Write `count` verified talents reported by units; `progress(done)` is called for each chunk.

    Every second one has an identity number while birthdays and regions last; phones repeat.
    """
    random = Random(count)
    departments = list(Department.objects.all())
    units = list(Unit.objects.all())
    numbers = _identity_numbers()
    first = Talent.objects.count()
    for start in range(0, count, CHUNK):
        rows = [
            _talent(first + number, random, departments, units, numbers, now)
            for number in range(start, min(start + CHUNK, count))
        ]
        Talent.objects.bulk_create(rows, batch_size=1000)
        progress(min(start + CHUNK, count))


def _identity_numbers():
    """Yield unused identity numbers of another region than the small world's."""
    day = invented.birthday(Random(0)).replace(1964, 1, 1)
    for region in range(500101, 500120):
        if str(region) in invented.REGIONS:
            continue
        for step in range(13_800):
            yield invented.identity_number(str(region), day + timedelta(days=step))


def _talent(number, random, departments, units, numbers, now):
    title, level = random.choice(TITLES)
    field, discipline = random.choice(FIELDS)
    born = invented.birthday(random)
    at = now - timedelta(minutes=random.randrange(2_000_000))
    unit = random.choice(units) if units else None
    talent = Talent(
        full_name=invented.full_name(random),
        department=departments[number % len(departments)],
        state="verified",
        source="import",
        tier="reserve",
        id_number=next(numbers, None) if number % 2 else None,
        birth_month=born.replace(day=1),
        unit=unit,
        position=random.choice(POSITIONS),
        professional_title=title,
        title_level={"junior": "primary", "associate": "associate_senior"}.get(level, level),
        education_level=random.choice(["11", "14", "21"]),
        discipline=discipline,
        industry=random.choice("CIJMPQ"),
        research_fields=[field],
        phone=invented.phone(number),
        created_at=at,
        updated_at=at,
        verified_at=at,
        confirmed_at=at,
        confirmed_by="import",
        confirm_from=keeping.ask_again(at),
        written_by="import",
    )
    search.index([talent])
    return talent
