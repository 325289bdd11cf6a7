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
        ),
        (
            _("“云之家”线上交流空间。"),
            _("成渝、长江经济带和“一带一路”科技合作信息。"),
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
        (_("报名创业培训和金融服务对接活动。"),),
        (
            _("“巴渝巾帼创业金融扶持行动”在线咨询。"),
            _("国家级和市级留创计划申报。"),
        ),
        ("industry_promotion", "women_federation", "organisation_personnel"),
        "rocket",
        "events/",
        _("看看近期活动"),
    ),
    Measure(
        4,
        2,
        _("把成果做出来、用起来"),
        _("用好自主创新示范区、离岸创新基地、留创园等平台，帮您产出原创成果并加快转化。"),
        (_("报名学术交流和成果路演，寻找成果转化的合作单位。"),),
        (_("博创园、欧美同学会等平台的服务对接。"),),
        ("science_innovation", "industry_promotion", "women_federation"),
        "lightbulb",
        "events/",
        _("看看近期活动"),
    ),
    Measure(
        5,
        3,
        _("做得好，就该被表彰"),
        _("常年寻找“最美巾帼奋斗者”，推荐优秀的个人和团队参评三八红旗手、巾帼文明岗等荣誉。"),
        (_("把获得的成果和荣誉写进人才档案，推荐时才不会漏掉您。"),),
        (
            _("“最美巾帼奋斗者”的推荐与自荐。"),
            _("三八红旗手、巾帼文明岗等荣誉的公示。"),
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
            _("报名“百千万巾帼大宣讲”，听榜样讲自己的经历。"),
            _("愿意分享自己的故事，可以在“我的授权”里授权公开展示，发布前另行与您确认。"),
        ),
        (
            _("榜样故事专栏。"),
            _("宣讲人报名。"),
        ),
        ("women_federation", "science_innovation"),
        "megaphone",
        "events/",
        _("看看近期活动"),
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
        (_("报名身心关爱、婚恋交友等活动。"),),
        (
            _("“四期”保护指引：经期、孕期、产期、哺乳期各有哪些照顾。"),
            _("科研回归基金、爱心妈咪小屋和托育点查询。"),
        ),
        ("social_security", "trade_union", "women_federation"),
        "baby",
        "events/",
        _("看看近期活动"),
    ),
    Measure(
        9,
        4,
        _("巾帼爱心加油站，替您分担"),
        _("参加志愿服务和评优攒积分，换取家庭、法律、健康、教育、收纳五类服务。"),
        (
            _("活动签到、志愿服务都能攒下积分，每一笔都看得明白。"),
            _("用积分兑换婚姻家庭、权益维护、女性健康、家庭教育、家居收纳服务。"),
        ),
        (_("心理咨询和情绪疏导的在线预约。"),),
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
            _("在线加入巾帼科技志愿服务队：讲什么、去哪里、多久一次，由您定。"),
        ),
        (_("学校在线申请志愿者，答应了就排好时间。"),),
        ("social_development", "women_federation", "science_innovation"),
        "flask-conical",
        "outreach/volunteer/",
        _("看看志愿服务队"),
    ),
)
