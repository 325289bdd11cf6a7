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

    `plain` is one sentence, `steps` what she can do today, `coming` what the portal does not offer yet and
    says so, `leads` codes of accounts.Department, `icon` a
    lucide name; `path` and `action` the page of the portal where it begins and the words on the
    button.
    """

    number: int
    section: int
    title: str
    plain: str
    steps: tuple
    coming: tuple
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
            _("在“巾帼建言献策”里提建议、附议别人的，看各部门怎么答复、最后有没有用。"),
        ),
        (_("人才项目的申报与推荐；同等条件下女性优先。"),),
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
            _("留意女性议题或专场，在活动页面上有标记。"),
            _("在“云之家”里按领域加入圈子，向同行请教，接着聊没聊完的话题。"),
            _("出国访学、参加国际会议的资助，在“申报”里报名。"),
        ),
        (_("成渝、长江经济带和“一带一路”科技合作信息。"),),
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
            _("登记创业项目，申报留创计划，办事时不用再填一遍。"),
            _("比较各家银行的产品，在线提出需求，由银行答复。"),
            _("报名创业培训，约辅导老师的时间。"),
        ),
        (),
        ("industry_promotion", "women_federation", "organisation_personnel"),
        "rocket",
        "innovation/",
        _("去创新创业"),
    ),
    Measure(
        4,
        2,
        _("把成果做出来、用起来"),
        _("用好自主创新示范区、离岸创新基地、留创园等平台，帮您产出原创成果并加快转化。"),
        (
            _("看博创园、留创园等基地提供什么服务，在线申请。"),
            _("发布您的成果，或者单位的技术需求，由专人撮合到签约。"),
            _("报名学术交流和成果路演，寻找成果转化的合作单位。"),
        ),
        (),
        ("science_innovation", "industry_promotion", "women_federation"),
        "lightbulb",
        "innovation/",
        _("去创新创业"),
    ),
    Measure(
        5,
        3,
        _("做得好，就该被表彰"),
        _("常年寻找“最美巾帼奋斗者”，推荐优秀的个人和团队参评三八红旗手、巾帼文明岗等荣誉。"),
        (
            _("在线申报“最美巾帼奋斗者”等荣誉：自荐、单位推荐都可以。"),
            _("看公示和荣誉榜，有不同意见可以在公示期内反映。"),
            _("把获得的成果和荣誉写进人才档案，推荐时才不会漏掉您。"),
        ),
        (),
        ("women_federation", "trade_union"),
        "award",
        "calls/",
        _("看正在申报的"),
    ),
    Measure(
        6,
        3,
        _("让更多人看见她们"),
        _("宣讲、媒体和科技工作者日，讲述女科学家、女企业家、女医师、女工匠的故事。"),
        (
            _("报名“百千万巾帼大宣讲”，听榜样讲自己的经历。"),
            _("读榜样故事；愿意分享自己的，写好以后经您确认再发布，随时可以撤下。"),
            _("说一声愿意讲什么、多久讲一次，有单位请人宣讲时按次序请您。"),
        ),
        (),
        ("women_federation", "science_innovation"),
        "megaphone",
        "stories/",
        _("读榜样故事"),
    ),
    Measure(
        7,
        3,
        _("在学术圈里更有声音"),
        _("支持成立女科技工作者协会、女专家联谊会等社团，提高女性在各类学会中的比例。"),
        (
            _("看女科技工作者协会、女专家联谊会、女企业家协会等的名录，在线申请入会、续期、参选。"),
            _("看各学会协会从会员到负责人的女性比例和目标。"),
            _("报名社团举办的座谈和交流活动。"),
        ),
        (),
        ("women_federation", "science_innovation"),
        "network",
        "networks/",
        _("看有哪些协会"),
    ),
    Measure(
        8,
        4,
        _("生育之后，安心回来"),
        _("支持单位设立女性科研回归基金、实行弹性工作，建好爱心妈咪小屋和托育服务。"),
        (
            _("看经期、孕期、产期、哺乳期法律给您哪些照顾，自己算产假和哺乳时间。"),
            _("找离您近的爱心妈咪小屋，看几点开、等级是哪天核查的。"),
            _("找托育机构：班型、价格、还有没有空余托位，写明哪天的数。"),
            _("找弹性工作：哪些单位、哪些岗位，工资和工作量怎么算，问谁。"),
            _("报名身心关爱、婚恋交友等活动。"),
        ),
        (_("科研回归基金查询。"),),
        ("social_security", "trade_union", "women_federation"),
        "baby",
        "workplaces/periods/",
        _("看“四期”保护"),
    ),
    Measure(
        9,
        4,
        _("巾帼爱心加油站，替您分担"),
        _("参加志愿服务和评优攒积分，换取家庭、法律、健康、教育、收纳五类服务。"),
        (
            _("活动签到、志愿服务都能攒下积分，每一笔都看得明白。"),
            _("用积分兑换婚姻家庭、权益维护、女性健康、家庭教育、家居收纳服务。"),
            _("心理疏导在线预约，只有您和咨询师知道。"),
        ),
        (),
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
            _("报名“女科学家进校园”和科普活动，给学生讲一堂科学课。"),
            _("学校在线申请志愿者，答应了就排好时间。"),
            _("看带进学校就能上的课和实验，每份都经两位同事审核。"),
            _("在线加入巾帼科技志愿服务队：讲什么、去哪里、多久一次，由您定。"),
        ),
        (),
        ("social_development", "women_federation", "science_innovation"),
        "flask-conical",
        "outreach/volunteer/",
        _("看看志愿服务队"),
    ),
)
