"""The demo's circles and what is talked about in them (liangjiang.demo)."""

from datetime import timedelta

from cloud_home import operations
from cloud_home.models import Topic
from events.models import Event

# (kind, name, about, discipline, sensitive)
CIRCLES = (
    (
        "field",
        "集成电路与功率器件",
        "设计、流片、封测和可靠性，工程上的坑互相提个醒。",
        "510",
        False,
    ),
    ("field", "人工智能与大数据", "模型、数据治理和落地，欢迎跨行业的问题。", "520", False),
    ("field", "生物医药与临床研究", "从课题设计到伦理申报、临床转化。", "350", False),
    ("association", "青年女博士互助", "入职头三年：选题、带学生、评职称、家里的事。", "", False),
    ("association", "孕哺期科研人员", "弹性工作、托育、返岗，只在成员之间说。", "", True),
    ("association", "女企业家与成果转化", "融资、合同、知识产权，把成果变成产品。", "", False),
)
HTRB = """我们在做一款 1200 V SiC MOSFET 的可靠性验证，卡在 **HTRB 样品数**上：

- 客户要按 AEC-Q101，三批每批 77 只；
- 但工程样品一共只有 120 只，还要分给 HTGB 和 H3TRB。

有没有姐妹做过缩减样品数的论证？用的什么依据，客户认不认？"""
HTRB_ANSWERS = (
    """做过。我们的做法是先跟客户谈**分阶段**：工程批每批 25 只先看早期失效，量产批再补足 77 只。

> 报告里把置信度和样品数的关系写清楚，客户基本能接受。

JEDEC JEP122 里有样品数和置信度的说明，可以作为依据。""",
    "补充一点：温湿度试验（H3TRB）对封装更敏感，样品紧张时宁可减 HTGB，不要减它。",
    "谢谢两位！我按分阶段的思路写了一版，客户工程师说可以先这样走。数据出来再来汇报。",
)
TOPICS = (
    (
        1,
        "医院的脱敏数据，能不能拿来训练科研模型？",
        "和三甲医院合作，数据已经脱敏。伦理批件写的是“回顾性研究”，想顺便训练一个分割模型，需要重新报伦理吗？",
        (
            "需要看批件里的研究目的。我们去年被要求补了一份**修正案**，两周就批下来了。",
            "补充：模型参数也算成果，最好在合作协议里写清楚归属。",
        ),
    ),
    (
        3,
        "第一次带硕士生，每周怎么开组会？",
        "今年第一次独立带三个学生，组会总是开成我一个人讲。大家的组会怎么开的？",
        (
            "我们是轮流讲，每人十分钟，**只讲卡住的地方**，不讲做完的。",
            "我让学生提前一天发三句话：做了什么、卡在哪、下周做什么。会上只谈第二句。",
            "学到了，下周就试！",
        ),
    ),
    (
        5,
        "技术入股，评估报告找谁做？",
        "学校专利作价入股，要第三方评估。有没有靠谱的机构，大概多少费用、多长时间？",
        (
            "我们走的是技术转移中心推荐的名单，三家比价，四周左右出报告。合同里把“评估基准日”写清楚。",
        ),
    ),
    (
        0,
        "分享：一份流片前检查单（PDF 可打印）",
        "被坑过三次之后整理的，前两页是 DRC/LVS 之外容易漏的项，欢迎补充。",
        ("太及时了，下周就要送厂。第 14 条救命。",),
    ),
    (
        2,
        "伦理委员会问“弱势群体保护”，孕妇入组怎么写？",
        "二期试验想纳入育龄女性，方案里避孕和妊娠监测怎么写比较规范？",
        (),
    ),
)


def make(world):
    """Make circles, let women join, talk, ask, disagree; one post is reported, one hidden and appealed."""
    world.say("Cloud Home")
    clerk = world.staff["DEMOCLERK"]
    start = world.now - timedelta(days=40)
    world.circles = [
        operations.add_circle(
            fields={
                "name": name,
                "kind": kind,
                "about": about,
                "discipline": discipline,
                "discreet": discreet,
                "department": clerk.department,
            },
            by=clerk,
            now=start,
        )
        for kind, name, about, discipline, discreet in CIRCLES
    ]
    first = world.members[0]
    for number, circle in enumerate(world.circles):
        some = world.random.sample(world.members[1:], 24 - 3 * number)
        joining = [first, *some] if number in (0, 1, 3) else some
        circle.people = joining
        for step, talent in enumerate(joining):
            world.at(start + timedelta(hours=step), join, circle, talent)
    world.at(start + timedelta(days=2), name_moderator, world.circles[0])
    thread(world, 0, 30, "功率器件 HTRB 的样品数，怎么跟客户谈？", HTRB, HTRB_ANSWERS)
    for step, (number, title, body, answers) in enumerate(TOPICS):
        thread(world, number, 26 - 5 * step, title, body, answers)
    world.at(world.now - timedelta(days=6), ask)
    world.at(world.now - timedelta(days=2), talk_of_event)
    world.at(world.now - timedelta(hours=30), disagree)


def thread(world, number, days, title, body, answers):
    """Plan a topic and its answers, some hours apart."""
    circle = world.circles[number]
    people = [talent for talent in circle.people if talent is not world.members[0]]
    at = world.days(-days, 9) + timedelta(minutes=7 * days)
    world.at(at, start_topic, circle, people[2], title, body)
    for step, answer in enumerate(answers):
        author = people[2] if step == 2 else people[3 + step]
        world.at(at + timedelta(hours=3 + 25 * step), answer_topic, title, author, answer)


def join(world, circle, talent, now):
    """Join as she would."""
    operations.join_circle(circle=circle, by=talent.user, now=now)


def name_moderator(world, circle, now):
    """Have one of the first keep order."""
    clerk = world.staff["DEMOCLERK"]
    operations.name_moderator(circle=circle, code=circle.people[1].code, by=clerk, now=now)


def start_topic(world, circle, talent, title, body, now):
    """Start a topic as she would."""
    operations.start_topic(circle=circle, title=title, body=body, by=talent.user, now=now)


def answer_topic(world, title, talent, body, now):
    """Answer the first post, which two thank for."""
    topic = Topic.objects.select_related("circle").get(title=title)
    post = operations.reply(topic=topic, body=body, by=talent.user, now=now)
    for other in topic.circle.memberships.exclude(user=talent.user).order_by("pk")[:2]:
        operations.thank(post=post, on=True, by=other.user, now=now)


def ask(world, now):
    """Let a dozen agree to be asked, and one ask them."""
    for talent in world.members[:30]:
        operations.save_preference(digest="weekly", may_be_asked=True, by=talent.user, now=now)
    asker = world.circles[1].people[4]
    operations.ask_experts(
        circle=world.circles[1],
        title="小样本的工业缺陷检测，用预训练还是合成数据？",
        body="每类缺陷只有二三十张图，客户要求漏检率低于 0.5%。想听听做过落地的姐妹怎么选。",
        discipline="520",
        words="",
        by=asker.user,
        now=now,
    )


def talk_of_event(world, now):
    """Open the thread of the next event, by somebody with a seat."""
    event = Event.objects.upcoming(now).listed().filter(sensitive_topic=False).first()
    booking = event.bookings.seated().select_related("talent__user").order_by("place")[0]
    circle = operations.open_event_circle(event=event, by=booking.talent.user, now=now)
    operations.start_topic(
        circle=circle,
        title="会前收集问题：想请主讲老师多讲点什么？",
        body="报名的姐妹还有什么想听的，接在下面，我整理后发给主办方。",
        by=booking.talent.user,
        now=now,
    )


def disagree(world, now):
    """Have one post reported, and another hidden, whose author appeals; a third has written nothing since, and appeals."""
    clerk, topic = world.staff["DEMOCLERK"], Topic.objects.get(title=TOPICS[2][1])
    circle = topic.circle
    one, other, third, fourth = [m.user for m in circle.memberships.order_by("-pk")[:4]]
    advert = operations.reply(
        topic=topic, body="我司代办评估，加急三天出报告，价格私聊。", by=one, now=now
    )
    operations.report_post(post=advert, reason="advertising", note="", by=other, now=now)
    words = "找评估公司的李经理，手机 139 开头那个，群里都有。"
    named = operations.reply(topic=topic, body=words, by=third, now=now)
    hiding = operations.hide_post(post=named, reason="含他人电话信息", by=clerk, now=now)
    operations.appeal(hiding=hiding, text="没有写出完整号码，只是提示在群里找。", by=third, now=now)
    courses = operations.reply(
        topic=topic, body="我们机构开评估师培训班，本周报名八折，私信我。", by=fourth, now=now
    )
    sanction = operations.sanction(post=courses, days=7, reason="第三次发布广告", by=clerk, now=now)
    text = "这是正规培训，不是推销，以前两次也已经删除。"
    operations.appeal_suspension(sanction=sanction, text=text, by=fourth, now=now)
