"""The ten measures in plain words, for readers; the policy's own text is in liangjiang.policy.

The policy names seven bodies but not which of them leads which measure. The assignment here is the
portal's own working one and the pages say so.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SECTIONS = (
    (1, _("成长扶持")),
    (2, _("创新创业")),
    (3, _("发展环境")),
    (4, _("贴心服务")),
    (5, _("后备培养")),
)


@dataclass(frozen=True)
class Measure:
    """One measure as a reader meets it.

    `plain` is one sentence, `steps` what she can do, `leads` codes of accounts.Department, `icon` a
    lucide name; `path` and `action` the page of the portal where it begins and the words on the
    button.
    """

    number: int
    section: int
    title: str
    plain: str
    steps: tuple
    leads: tuple
    icon: str
    path: str
    action: str

    @property
    def anchor(self):
        """Return the anchor of the measure's paragraph on the policy page."""
        return f"measure-{self.number}"


MEASURES = (
    Measure(
        1,
        1,
        _("让成长的路更宽"),
        _("把您的专长记进人才数据库，有项目、有评审、有政策要听意见时，第一时间想到您。"),
        (
            _("建立人才档案，填写单位、职称、学科和研究方向，由所属部门审核。"),
            _("申报国家级、市级人才项目时，由部门推荐；同等条件下女性优先。"),
            _("对新区科技战略和政策有想法，可以参加“巾帼建言献策”。"),
        ),
        ("organisation_personnel", "women_federation", "science_innovation"),
        "sprout",
        "me/profile/",
        _("建立人才档案"),
    ),
    Measure(
        2,
        1,
        _("常见面，多合作"),
        _("沙龙、论坛、座谈会和研修班定期举办，也支持您出国访学、参加国际会议。"),
        (
            _("在线报名沙龙、论坛和学术交流，席位满了可以候补，空出席位自动通知。"),
            _("关注女性议题或专场，在“云之家”与同行继续交流。"),
            _("参与成渝、长江经济带和“一带一路”的科技合作。"),
        ),
        ("science_innovation", "women_federation", "organisation_personnel"),
        "messages-square",
        "events/",
        _("看看近期活动"),
    ),
    Measure(
        3,
        2,
        _("创业有资金、有老师"),
        _("想在两江新区创业，这里有信贷与金融服务、创业培训，留学归来还能申报留创计划。"),
        (
            _("通过“巴渝巾帼创业金融扶持行动”了解信贷和综合金融服务。"),
            _("参加优秀女企业家培训：经济形势、创业辅导、智能科技、金融知识。"),
            _("留学归来的女性可以申报国家级和市级留创计划。"),
        ),
        ("industry_promotion", "women_federation", "organisation_personnel"),
        "rocket",
        "events/?kind=training",
        _("看看创业培训"),
    ),
    Measure(
        4,
        2,
        _("把成果做出来、用起来"),
        _("用好自主创新示范区、离岸创新基地、留创园等平台，帮您产出原创成果并加快转化。"),
        (
            _("通过博创园、欧美同学会等平台获得服务，结识合作伙伴。"),
            _("参加学术交流，寻找成果转化的合作单位。"),
        ),
        ("science_innovation", "industry_promotion", "women_federation"),
        "lightbulb",
        "events/?kind=academic_exchange",
        _("看看学术交流"),
    ),
    Measure(
        5,
        3,
        _("做得好，就该被表彰"),
        _("常年寻找“最美巾帼奋斗者”，推荐优秀的个人和团队参评三八红旗手、巾帼文明岗等荣誉。"),
        (
            _("把获得的成果和荣誉写进人才档案，推荐时才不会漏掉您。"),
            _("为身边优秀的女性科技人才留意推荐机会。"),
        ),
        ("women_federation", "trade_union"),
        "award",
        "me/profile/",
        _("完善人才档案"),
    ),
    Measure(
        6,
        3,
        _("让更多人看见她们"),
        _("宣讲、媒体和科技工作者日，讲述女科学家、女企业家、女医师、女工匠的故事。"),
        (
            _("参加“百千万巾帼大宣讲”，听榜样讲自己的经历。"),
            _("愿意分享自己的故事，可以报名成为宣讲人。"),
        ),
        ("women_federation", "science_innovation"),
        "megaphone",
        "events/?kind=talk",
        _("看看宣讲活动"),
    ),
    Measure(
        7,
        3,
        _("在学术圈里更有声音"),
        _("支持成立女科技工作者协会、女专家联谊会等社团，提高女性在各类学会中的比例。"),
        (
            _("加入女科技工作者协会、女专家联谊会、女企业家协会等社团。"),
            _("参加社团活动，争取在学会、协会中担任理事、代表。"),
        ),
        ("women_federation", "science_innovation"),
        "network",
        "events/",
        _("看看社团活动"),
    ),
    Measure(
        8,
        4,
        _("生育之后，安心回来"),
        _("支持单位设立女性科研回归基金、实行弹性工作，建好爱心妈咪小屋和托育服务。"),
        (
            _("了解“四期”保护：经期、孕期、产期、哺乳期各有哪些照顾。"),
            _("参加婚恋交友、身心关爱等活动。"),
            _("单位可以设立回归基金、母婴室和托育点，做得好会得到宣传和表彰。"),
        ),
        ("social_security", "trade_union", "women_federation"),
        "baby",
        "events/?kind=wellbeing",
        _("看看身心关爱活动"),
    ),
    Measure(
        9,
        4,
        _("巾帼爱心加油站，替您分担"),
        _("参加志愿服务和评优攒积分，换取家庭、法律、健康、教育、收纳五类服务。"),
        (
            _("活动签到、志愿服务都能攒下积分，每一笔都看得明白。"),
            _("用积分兑换婚姻家庭、权益维护、女性健康、家庭教育、家居收纳服务。"),
            _("需要时可以预约心理咨询和情绪疏导。"),
        ),
        ("women_federation", "social_development", "trade_union"),
        "heart-handshake",
        "points/",
        _("去加油站"),
    ),
    Measure(
        10,
        5,
        _("让女孩爱上科学"),
        _("女科学家走进校园，志愿服务队走进社区，帮助女学生不受偏见地选择学科。"),
        (
            _("报名“女科学家进校园”，给学生讲一堂科学课。"),
            _("加入巾帼科技志愿服务队，带孩子们做实验、读科普。"),
        ),
        ("social_development", "women_federation", "science_innovation"),
        "flask-conical",
        "events/?kind=campus_visit",
        _("看看进校园活动"),
    ),
)
