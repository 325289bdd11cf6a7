"""Stories and a request for a talk of the demo (liangjiang.demo): invented women, three published stories and one of an honour, one draft that waits."""

from datetime import timedelta

from accounts.models import User
from events.demo import scene
from events.models import Series
from events.operations import add_series
from honours.models import Award
from role_models import operations
from role_models.models import VersionState

SERIES = {"name": "百千万巾帼大宣讲", "description": "请身边的女科技人才讲她们的路。"}
STORIES = (
    {
        "kind": "scientist",
        "title": "把一束光磨到极致",
        "lead": "她在实验室守了十一年，只为让一束光再细一点。",
        "body": (
            "实验室的灯常常亮到最后。她做的是光学镀膜，薄到头发丝的千分之一。\n\n"
            "## 从失败开始\n\n"
            "头三年，没有一片样品合格。她把每一次失败都记在本子上，写满了十七本。“失败也是数据，”她说，“扔掉才可惜。”\n\n"
            "> 做科研像跑长跑，不看谁起步快，看谁还在路上。\n\n"
            "## 带着年轻人走\n\n"
            "如今组里九个人，六位是女生。她给每位新人的第一课都一样：先把记录本写好，再谈创新。"
        ),
        "title_en": "Polishing a beam of light",
        "lead_en": "Eleven years in the laboratory to make one beam of light a little finer.",
        "body_en": (
            "She coats optical surfaces, a thousand times thinner than a hair.\n\n"
            "## Beginning with failure\n\n"
            "For three years no sample passed. She wrote every failure down, in seventeen notebooks."
        ),
    },
    {
        "kind": "entrepreneur",
        "title": "从车库到生产线",
        "lead": "两个人、一张借来的工作台，五年后她的传感器装进了本地的整车。",
        "body": (
            "公司的第一张工作台是借来的。她和同学两个人，白天跑客户，晚上焊电路。\n\n"
            "## 第一张订单\n\n"
            "第一张订单只有五十件，退回来了八件。她带着八件不良品在客户车间住了一周，找出了原因。\n\n"
            "后来客户说，选她不是因为便宜，是因为出了问题她会来。"
        ),
    },
    {
        "kind": "craftswoman",
        "title": "手上的一丝一毫",
        "lead": "一丝是百分之一毫米。她靠手感，能摸出半丝的差别。",
        "body": (
            "她是车间里少有的女钳工。刚来时师傅问她：“这活儿脏，你行不行？”她没回答，第二天第一个到。\n\n"
            "## 练\n\n"
            "锉一个平面，她练了两年。现在数控机床做不到的最后一道，还要她的手来收。\n\n"
            "她带出的十五个徒弟，有七个是姑娘。"
        ),
    },
)
WAITING = {
    "kind": "physician",
    "title": "夜班之后的那盏灯",
    "lead": "她是急诊科医生，也是远程会诊平台最早的推动者。",
    "body": (
        "夜班结束是早上八点，她常常再坐一个小时，把夜里的病例整理进平台。\n\n"
        "平台连着十一家社区医院。她说，少跑一趟路，有时就是少一次危险。"
    ),
}
OF_AN_HONOUR = {
    "kind": "scientist",
    "discipline": "510",
    "title": "把实验台搬到车间",
    "lead": "她把中试线建在厂房里，两年里二十三家企业来过，八名年轻女工程师从这里出师。",
    "body": (
        "厂房在江边，夏天闷热。她把实验台从楼上搬到了车间，图纸贴在墙上，谁路过都能提意见。\n\n"
        "## 第一炉\n\n"
        "第一炉传感器芯片只有三成合格。她没有回办公室，在炉子边上守了四天，把温度一度一度试过去。\n\n"
        "> 数据不会客气，我们也不用客气。\n\n"
        "## 后来的人\n\n"
        "今年她被授予重庆市三八红旗手。名单公示那天，她在带新人校准天平：“先学会等它停稳。”"
    ),
}
ALTS = ("清晨的两江交汇处，她常在这里跑步", "展板前的工作照背景，两江示意图")
WISHED = {
    "topic": "女生怎样走上科研的路",
    "audience": "高一年级学生",
    "people": 240,
    "online": False,
    "place": "学校报告厅",
    "contact_name": "冯若竹",
    "contact_phone": "023-0000-0000",
}


def make(world):
    """Plan what happens."""
    for number, values in enumerate(STORIES):
        world.at(world.days(-21 + 5 * number, 9), _tell, number, values)
    world.at(world.days(-8, 9), _tell_of_honour)
    world.at(world.days(-2, 9), _draft)
    world.at(world.days(-3, 10), _ask)


def _talent(world, number):
    """Return the woman a story is about; the demo's own woman has the draft that waits."""
    hers = [one for one in world.members if one.department.code == "women_federation"]
    return world.members[0] if number is None else hers[4 + number]


def _begin(world, number, values, moment):
    clerk = world.staff["DEMOCLERK"]
    story = operations.begin_story(
        talent=_talent(world, number), values=values, by=clerk, now=moment
    )
    operations.ask_her(story=story, by=clerk, now=moment + timedelta(minutes=30))
    return story


def _tell(world, number, values, moment):
    """Write a story, let her agree and another colleague publish it."""
    clerk = world.staff["DEMOCLERK"]
    story = operations.begin_story(
        talent=_talent(world, number),
        values=values | {"series": _series(world)},
        by=clerk,
        now=moment,
    )
    photos = []
    if number < len(ALTS):
        photo = operations.add_photo(
            story=story,
            sent=("photo.jpg", scene(number + 1)),
            alt=ALTS[number],
            others_agree=True,
            by=clerk,
            now=moment,
        )
        photos = [photo.pk]
    operations.ask_her(story=story, by=clerk, now=moment + timedelta(minutes=30))
    operations.agree(
        version=story.versions.get(state=VersionState.ASKED),
        photos=photos,
        by=story.talent.user,
        now=moment + timedelta(hours=3),
    )
    operations.publish_story(
        story=story, by=world.staff["DEMOADMIN"], now=moment + timedelta(days=1)
    )


def _tell_of_honour(world, moment):
    """Tell of the first woman whom the city answered: the story names the honour and goes with it."""
    clerk = world.staff["DEMOCLERK"]
    award = Award.objects.filter(source="upward").select_related("talent__user").earliest("pk")
    values = OF_AN_HONOUR | {"award": award, "series": _series(world)}
    values["shown_post"] = f"{award.unit_text} 高级工程师"
    story = operations.begin_story(talent=award.talent, values=values, by=clerk, now=moment)
    operations.ask_her(story=story, by=clerk, now=moment + timedelta(minutes=30))
    version = story.versions.get(state=VersionState.ASKED)
    agreed = {"by": award.talent.user, "now": moment + timedelta(hours=3)}
    operations.agree(version=version, photos=[], **agreed)
    admin = world.staff["DEMOADMIN"]
    operations.publish_story(story=story, by=admin, now=moment + timedelta(days=1))


def _series(world):
    department = world.departments["women_federation"]
    found = Series.objects.filter(name=SERIES["name"], department=department).first()
    if found:
        return found
    return add_series(
        fields=SERIES | {"department": department},
        by=world.staff["DEMOEVENT"],
        now=world.days(-30),
    )


def _draft(world, moment):
    _begin(world, None, WAITING, moment)


def _ask(world, moment):
    """Let three women be willing and a school's contact ask."""
    for number, topics in enumerate(("光学与材料：实验室里的一天", "创业第一年", "女生怎样选专业")):
        operations.offer_talks(
            talent=_talent(world, number),
            topics=topics,
            on_site=True,
            online=number == 0,
            by=_talent(world, number).user,
            now=moment,
        )
    contact = User.objects.get(code="DEMOUNITS")
    days = {"first_day": world.days(14).date(), "last_day": world.days(35).date()}
    operations.request_talk(unit=contact.unit, values=WISHED | days, by=contact, now=moment)
