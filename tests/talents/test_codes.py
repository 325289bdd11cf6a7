import pytest

from talents import codes
from talents.codes import (
    Degree,
    Discipline,
    EducationLevel,
    Industry,
    PoliticalStatus,
    TitleLevel,
)


def test_the_lists_are_as_long_as_the_standards():
    assert len(Discipline.choices) == 62
    assert len(Industry.choices) == 20
    assert "".join(Industry.values) == "ABCDEFGHIJKLMNOPQRST"
    assert len(PoliticalStatus.choices) == 13
    assert Discipline("510").label == "电子与通信技术"
    assert EducationLevel("21").label == "大学本科"


@pytest.mark.parametrize(
    ("text", "level", "ambiguous"),
    [
        ("博士研究生", EducationLevel.DOCTORATE, False),
        ("博士", EducationLevel.DOCTORATE, False),
        ("硕士", EducationLevel.MASTER, False),
        ("硕士 研究生", EducationLevel.MASTER, False),
        ("大学本科", EducationLevel.BACHELOR, False),
        ("本科", EducationLevel.BACHELOR, False),
        ("大学", EducationLevel.BACHELOR, False),
        ("大专", EducationLevel.ASSOCIATE, False),
        ("大学专科", EducationLevel.ASSOCIATE, False),
        ("中专", EducationLevel.SECONDARY_VOCATIONAL, False),
        ("中等专科", EducationLevel.SECONDARY_VOCATIONAL, False),
        ("高中", EducationLevel.HIGH_SCHOOL, False),
        ("21", EducationLevel.BACHELOR, False),
        ("研究生", None, True),
        ("博士在读", None, True),
        ("无", None, False),
        ("", None, False),
        (None, None, False),
        ("若干", None, False),
    ],
)
def test_education_level(text, level, ambiguous):
    assert codes.education_level(text) == (level, ambiguous)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("工学博士", Degree.DOCTOR),
        ("Ph.D.", Degree.DOCTOR),
        ("医学硕士", Degree.MASTER),
        ("MBA", Degree.MASTER),
        ("理学学士", Degree.BACHELOR),
        ("双学位", Degree.BACHELOR),
        ("博士后", None),
        ("无", None),
        ("/", None),
    ],
)
def test_degree(text, expected):
    assert codes.degree(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("正高", TitleLevel.SENIOR),
        ("教授", TitleLevel.SENIOR),
        ("研究员", TitleLevel.SENIOR),
        ("主任医师", TitleLevel.SENIOR),
        ("正高级工程师", TitleLevel.SENIOR),
        ("教授级高工", TitleLevel.SENIOR),
        ("副高", TitleLevel.ASSOCIATE_SENIOR),
        ("副教授", TitleLevel.ASSOCIATE_SENIOR),
        ("副研究员", TitleLevel.ASSOCIATE_SENIOR),
        ("副主任医师", TitleLevel.ASSOCIATE_SENIOR),
        ("副主任护师", TitleLevel.ASSOCIATE_SENIOR),
        ("高级工程师", TitleLevel.ASSOCIATE_SENIOR),
        ("中级", TitleLevel.INTERMEDIATE),
        ("工程师", TitleLevel.INTERMEDIATE),
        ("讲师", TitleLevel.INTERMEDIATE),
        ("助理研究员", TitleLevel.INTERMEDIATE),
        ("主治医师", TitleLevel.INTERMEDIATE),
        ("初级", TitleLevel.PRIMARY),
        ("助教", TitleLevel.PRIMARY),
        ("助理工程师", TitleLevel.PRIMARY),
        ("医师", TitleLevel.PRIMARY),
        ("无", TitleLevel.NONE),
        ("", None),
        ("/", None),
        ("教师", None),
    ],
)
def test_title_level(text, expected):
    assert codes.title_level(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("中共党员", PoliticalStatus.CPC_MEMBER),
        ("党员", PoliticalStatus.CPC_MEMBER),
        ("中共预备党员", PoliticalStatus.CPC_PROBATIONARY),
        ("共青团员", PoliticalStatus.YOUTH_LEAGUE),
        ("民盟盟员", PoliticalStatus.CDL),
        ("民革", PoliticalStatus.RCCK),
        ("农工党党员", PoliticalStatus.CPWDP),
        ("九三学社社员", PoliticalStatus.JIUSAN),
        ("无党派人士", PoliticalStatus.INDEPENDENT),
        ("群 众", PoliticalStatus.MASSES),
        ("入党积极分子", None),
        ("", None),
    ],
)
def test_political_status(text, expected):
    assert codes.political_status(text) == expected
