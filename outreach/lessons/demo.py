"""Lessons of the demo (liangjiang.demo): five shown, one that waits for its second review, one sent back."""

from outreach.lessons import operations

# Kind, stage, title, English title, minutes, materials, body, risks.
LESSONS = (
    ("experiment", "primary", "会爬坡的水", "Water that climbs", 40,
     "每组：白纸巾 2 张\n一次性杯 3 个\n食用色素 2 种\n温水",
     "## 先猜\n- 水会不会自己从满的杯子走到空的杯子？举手表决，记在黑板上。\n\n## 再做\n- 两杯装水加色素，中间空杯，用卷好的纸巾搭桥。\n- 每隔五分钟看一次，画下来。\n\n## 说一说\n- 植物的水是怎么到叶子的？",
     "水洒在地上会滑：备拖布，洒了马上擦。色素只用食用的，不入口。"),
    ("experiment", "junior", "土豆点亮小灯", "A lamp lit by potatoes", 45,
     "每组：土豆 4 个\n铜片和锌片各 4 片\n导线 5 根\n发光二极管 1 个",
     "- 先用一个土豆，灯亮不亮？为什么？\n- 串联两个、三个、四个，量电压，画成图。\n- 换成柠檬再试，比一比。",
     "金属片边缘割手：提前磨边，由老师分发。试过的土豆不能吃。"),
    ("lesson", "primary", "桥为什么不塌", "Why bridges stand", 40,
     "每组：A4 纸 3 张\n硬币 50 枚",
     "- 一张纸平放当桥，能放几枚硬币？\n- 折成波浪再放，能放几枚？\n- 看一座我参与检测的桥：哪里受拉，哪里受压。", ""),
    ("lesson", "senior", "一个检测工程师的一天", "A day of a test engineer", 45,
     "投影\n样品：合格和不合格的焊缝各一块",
     "- 早上八点的电话：一条焊缝不合格，放还是不放？分组讨论。\n- 我怎么决定的，后来怎样。\n- 这一行要学什么：物理、材料、写清楚一份报告。", ""),
    ("experiment", "preschool", "影子会变长", "Shadows that grow", 20,
     "手电筒 1 个\n纸板剪的小动物",
     "- 手电筒靠近一点，影子怎么变？\n- 谁的影子最大？怎么变出来的？",
     "不用手电筒照眼睛；用弱光的。"),
    ("lesson", "junior", "看懂一张卫星图", "Reading a satellite picture", 45,
     "打印的两江新区卫星图，每组一张", "- 找到学校、江、最大的一片绿。\n- 十年前后两张图，什么变了？", ""),
    ("experiment", "junior", "彩虹塔", "A tower of colours", 40,
     "糖、食用色素、杯子", "- 配五种浓度的糖水，从浓到淡慢慢倒。", "糖水粘手，下课洗手。"),
)  # fmt: skip
FIELDS = ("kind", "stage", "title", "title_en", "minutes", "materials", "body", "risks")
WAITS, SENT_BACK = 5, 6
REVIEWERS = ("DEMOCLERK", "DEMOVOLUN")


def make(world):
    """Put them on the timeline."""
    for number, row in enumerate(LESSONS):
        world.at(world.days(-90 + number * 9), _write, number, row)


def _write(world, number, row, moment):
    values = dict(zip(FIELDS, row, strict=True))
    version = operations.save_lesson(by=None, now=moment, **values)
    for code in REVIEWERS[: 1 if number in (WAITS, SENT_BACK) else 2]:
        sent_back = number == SENT_BACK
        operations.review_lesson(
            version=version,
            agrees=not sent_back,
            note="浓度怎么配没有写，请补上每杯几克糖。" if sent_back else "",
            by=world.staff[code],
            now=moment,
        )
