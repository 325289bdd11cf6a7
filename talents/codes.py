"""Code lists of the national standards a talent's record uses, and readers of the words people
write instead of a code.

The values are the standards' own codes, so figures exchanged with other departments need no
translation; the labels are the everyday short forms.
"""

import re

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from kernel.text import squeeze


class EducationLevel(TextChoices):
    """Education level, GB/T 4658-2006 (two-digit codes, completed level)."""

    DOCTORATE = "11", _("博士研究生")
    MASTER = "14", _("硕士研究生")
    BACHELOR = "21", _("大学本科")
    ASSOCIATE = "31", _("大学专科")
    SECONDARY_VOCATIONAL = "41", _("中等专科")
    HIGH_SCHOOL = "61", _("普通高中")
    OTHER = "90", _("其他")


class Degree(TextChoices):
    """Academic degree, GB/T 6864-2003 (first digit of the code)."""

    DOCTOR = "2", _("博士")
    MASTER = "3", _("硕士")
    BACHELOR = "4", _("学士")


class TitleLevel(TextChoices):
    """Level of a professional title, after the level digit of GB/T 8561-2001.

    The title itself is kept as it was written; only its level is coded.
    """

    NONE = "none", _("无职称")
    PRIMARY = "primary", _("初级")
    INTERMEDIATE = "intermediate", _("中级")
    ASSOCIATE_SENIOR = "associate_senior", _("副高级")
    SENIOR = "senior", _("正高级")


class PoliticalStatus(TextChoices):
    """Political status, GB/T 4762-1984."""

    CPC_MEMBER = "01", _("中共党员")
    CPC_PROBATIONARY = "02", _("中共预备党员")
    YOUTH_LEAGUE = "03", _("共青团员")
    RCCK = "04", _("民革党员")
    CDL = "05", _("民盟盟员")
    CNDCA = "06", _("民建会员")
    CAPD = "07", _("民进会员")
    CPWDP = "08", _("农工党党员")
    ZHI_GONG = "09", _("致公党党员")
    JIUSAN = "10", _("九三学社社员")
    TDSL = "11", _("台盟盟员")
    INDEPENDENT = "12", _("无党派人士")
    MASSES = "13", _("群众")


class Discipline(TextChoices):
    """First-level disciplines, GB/T 13745-2009 (62 three-digit codes)."""

    D110 = "110", _("数学")
    D120 = "120", _("信息科学与系统科学")
    D130 = "130", _("力学")
    D140 = "140", _("物理学")
    D150 = "150", _("化学")
    D160 = "160", _("天文学")
    D170 = "170", _("地球科学")
    D180 = "180", _("生物学")
    D190 = "190", _("心理学")
    D210 = "210", _("农学")
    D220 = "220", _("林学")
    D230 = "230", _("畜牧、兽医科学")
    D240 = "240", _("水产学")
    D310 = "310", _("基础医学")
    D320 = "320", _("临床医学")
    D330 = "330", _("预防医学与公共卫生学")
    D340 = "340", _("军事医学与特种医学")
    D350 = "350", _("药学")
    D360 = "360", _("中医学与中药学")
    D410 = "410", _("工程与技术科学基础学科")
    D413 = "413", _("信息与系统科学相关工程与技术")
    D416 = "416", _("自然科学相关工程与技术")
    D420 = "420", _("测绘科学技术")
    D430 = "430", _("材料科学")
    D440 = "440", _("矿山工程技术")
    D450 = "450", _("冶金工程技术")
    D460 = "460", _("机械工程")
    D470 = "470", _("动力与电气工程")
    D480 = "480", _("能源科学技术")
    D490 = "490", _("核科学技术")
    D510 = "510", _("电子与通信技术")
    D520 = "520", _("计算机科学技术")
    D530 = "530", _("化学工程")
    D535 = "535", _("产品应用相关工程与技术")
    D540 = "540", _("纺织科学技术")
    D550 = "550", _("食品科学技术")
    D560 = "560", _("土木建筑工程")
    D570 = "570", _("水利工程")
    D580 = "580", _("交通运输工程")
    D590 = "590", _("航空、航天科学技术")
    D610 = "610", _("环境科学技术及资源科学技术")
    D620 = "620", _("安全科学技术")
    D630 = "630", _("管理学")
    D710 = "710", _("马克思主义")
    D720 = "720", _("哲学")
    D730 = "730", _("宗教学")
    D740 = "740", _("语言学")
    D750 = "750", _("文学")
    D760 = "760", _("艺术学")
    D770 = "770", _("历史学")
    D780 = "780", _("考古学")
    D790 = "790", _("经济学")
    D810 = "810", _("政治学")
    D820 = "820", _("法学")
    D830 = "830", _("军事学")
    D840 = "840", _("社会学")
    D850 = "850", _("民族学与文化学")
    D860 = "860", _("新闻学与传播学")
    D870 = "870", _("图书馆、情报与文献学")
    D880 = "880", _("教育学")
    D890 = "890", _("体育科学")
    D910 = "910", _("统计学")


class Industry(TextChoices):
    """Sections of the national economy, GB/T 4754-2017 (letters A to T)."""

    A = "A", _("农、林、牧、渔业")
    B = "B", _("采矿业")
    C = "C", _("制造业")
    D = "D", _("电力、热力、燃气及水生产和供应业")
    E = "E", _("建筑业")
    F = "F", _("批发和零售业")
    G = "G", _("交通运输、仓储和邮政业")
    H = "H", _("住宿和餐饮业")
    I = "I", _("信息传输、软件和信息技术服务业")  # noqa: E741
    J = "J", _("金融业")
    K = "K", _("房地产业")
    L = "L", _("租赁和商务服务业")
    M = "M", _("科学研究和技术服务业")
    N = "N", _("水利、环境和公共设施管理业")
    O = "O", _("居民服务、修理和其他服务业")  # noqa: E741
    P = "P", _("教育")
    Q = "Q", _("卫生和社会工作")
    R = "R", _("文化、体育和娱乐业")
    S = "S", _("公共管理、社会保障和社会组织")
    T = "T", _("国际组织")


# Offered as suggestions while typing; any other field may be written. Not translated: what is
# chosen is stored as text and searched as text.
RESEARCH_FIELDS = (
    "人工智能",
    "大数据",
    "集成电路",
    "智能制造",
    "机器人",
    "新能源汽车",
    "先进材料",
    "生物医药",
    "临床医学",
    "航空航天",
    "环境工程",
    "教育技术",
    "软件与信息服务",
    "网络与信息安全",
    "量子科技",
    "卫星互联网",
    "绿色低碳",
    "现代农业",
    "金融科技",
    "公共卫生",
)


_EMPTY = frozenset(
    ("", "无", "没有", "/", "//", "\\", "-", "--", "—", "——", "暂无", "n/a", "na", "空", "null")
)


def is_empty(text):
    """True for the words people write into a cell that has nothing to say (无, /, 暂无 …)."""
    return squeeze(text).lower() in _EMPTY


_LEVELS = (
    (EducationLevel.DOCTORATE, r"博士"),
    (EducationLevel.MASTER, r"硕士"),
    (EducationLevel.BACHELOR, r"本科|学士|^大学$|^大学(毕业|学历)$"),
    (EducationLevel.ASSOCIATE, r"大专|专科(?<!中等专科)|高职"),
    (EducationLevel.SECONDARY_VOCATIONAL, r"中专|中等|职高|职业高中|技校|技工"),
    (EducationLevel.HIGH_SCHOOL, r"高中"),
    (EducationLevel.OTHER, r"初中|小学|^其[他它]$"),
)


def education_level(text):
    """Read a written education level.

    Returns (level, ambiguous): level is an EducationLevel or None. 研究生 alone covers both
    master's and doctoral study, so it gives (None, True) and the degree has to decide.
    """
    word = squeeze(text)
    if is_empty(word):
        return None, False
    if word in EducationLevel.values:
        return EducationLevel(word), False
    # 在读 and 肄业 are not the level reached; the one below is not known either.
    if re.search(r"在读|肄业|未毕业", word):
        return None, True
    for level, pattern in _LEVELS:
        if re.search(pattern, word):
            return level, False
    return None, bool(re.search(r"研究生", word))


def degree(text):
    """Read a written degree (工学博士, 硕士, MBA …); None when it is empty or not known."""
    word = squeeze(text).lower()
    if is_empty(word) or word == "博士后":
        return None
    for code, pattern in (
        (Degree.DOCTOR, r"博士|^ph\.?d\.?$|^doctor"),
        (Degree.MASTER, r"硕士|^m(ba|sc|a|s|phil|eng|pa)$|^master"),
        (Degree.BACHELOR, r"学士|双学位|^b(sc|a|s|eng)$|^bachelor"),
    ):
        if re.search(pattern, word):
            return code
    return None


_TITLES = (
    (
        TitleLevel.SENIOR,
        r"正高|(教授|研究员)级|(?<!副)(?<!助理)教授|(?<!副)(?<!副主任)主任[医护药技]?师"
        r"|(?<!副)(?<!助理)研究员|(?<!副)研究馆员|(?<!副)编审|(?<!副)译审|高级(记者|编辑)"
        r"|^(国家)?一级(演员|美术师|编剧|导演|律师|公证员)",
    ),
    (
        TitleLevel.ASSOCIATE_SENIOR,
        r"副高|副教授|副主任[医护药技]?师|副研究(馆)?员|副编审|副译审|主任(记者|编辑|播音员)"
        r"|高级|高工|^(国家)?二级(演员|美术师|编剧|导演|律师|公证员)",
    ),
    (
        TitleLevel.PRIMARY,
        r"初级|助教|研究实习员|助理(?!研究员)|助工|技术员|住院医师|^医师|^医士|^护[师士]|^药[师士]"
        r"|^技[师士]|[二三]级教师|员级|助理级|会计员|经济员",
    ),
    (
        TitleLevel.INTERMEDIATE,
        r"中级|讲师|助理研究员|主治|主管[医护药技]?师|工程师|实验师|经济师|会计师|审计师|统计师"
        r"|农艺师|畜牧师|兽医师|编辑|记者|翻译|馆员|一级教师|政工师|规划师|建筑师",
    ),
)


def title_level(text):
    """Level of a written professional title (副主任医师, 高级工程师, 副高, 无 …).

    Returns a TitleLevel; None when the cell is blank or the title is not known.
    """
    word = squeeze(text)
    if word in ("无", "暂无", "没有", "无职称", "未评", "未定级"):
        return TitleLevel.NONE
    if is_empty(word):
        return None
    for level, pattern in _TITLES:
        if re.search(pattern, word):
            return level
    return None


_PARTIES = (
    (PoliticalStatus.CPC_PROBATIONARY, r"预备"),
    (PoliticalStatus.YOUTH_LEAGUE, r"团员|^共青团"),
    (PoliticalStatus.RCCK, r"民革|国民党革命"),
    (PoliticalStatus.CDL, r"民盟|民主同盟"),
    (PoliticalStatus.CNDCA, r"民建|民主建国"),
    (PoliticalStatus.CAPD, r"民进|民主促进"),
    (PoliticalStatus.CPWDP, r"农工"),
    (PoliticalStatus.ZHI_GONG, r"致公"),
    (PoliticalStatus.JIUSAN, r"九三"),
    (PoliticalStatus.TDSL, r"台盟|台湾民主自治"),
    (PoliticalStatus.INDEPENDENT, r"无党派"),
    (PoliticalStatus.CPC_MEMBER, r"^党员|中共|共产党"),
    (PoliticalStatus.MASSES, r"群众"),
)


def political_status(text):
    """Read a written political status; None when it is empty or not known."""
    word = squeeze(text)
    if word in PoliticalStatus.values:
        return PoliticalStatus(word)
    if re.search(r"积极分子|发展对象", word):
        return None
    for code, pattern in _PARTIES:
        if re.search(pattern, word):
            return code
    return None
