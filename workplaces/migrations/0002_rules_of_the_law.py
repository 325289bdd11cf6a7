"""The rules in force when this app began, none of them compared with its source yet: staff do that, pages say 未核实 until then."""

from datetime import date

from django.db import migrations

LAW = "女职工劳动保护特别规定"
CITY = "重庆市人口与计划生育条例"
RIGHTS = "中华人民共和国妇女权益保障法"

SINCE_2012, SINCE_2021, SINCE_2023 = date(2012, 4, 28), date(2021, 11, 26), date(2023, 1, 1)
OF_LAW = {"law": LAW, "valid_from": SINCE_2012}
OF_CITY = {"law": CITY, "valid_from": SINCE_2021, "article": "关于产假、护理假和育儿假的条款"}


def _rule(period, right, words, words_en, **more):
    return {"period": period, "right": right, "words": words, "words_en": words_en, **more}


def _days(amount, most=None):
    measure = "days_a_year" if most else "days"
    return {"amount": amount, "amount_most": most, "measure": measure}


def _minutes(amount):
    return {"amount": amount, "measure": "minutes_a_day"}


RULES = (
    _rule(
        "menstruation",
        "menstrual_work",
        "经期不安排冷水、低温、重体力和高处作业，具体分级见附录。",
        "No work in cold water or cold, no heavy work and none at heights during menstruation; the grades are in the annex.",
        article="第四条和附录",
        **OF_LAW,
    ),
    _rule(
        "pregnancy",
        "no_loss",
        "不能因为结婚、怀孕、产假、哺乳降低工资和福利，限制晋升，或辞退、单方解除合同。",
        "Marriage, pregnancy, maternity leave and nursing are no reason to lower pay or benefits, hold back promotion or dismiss.",
        law=RIGHTS,
        article="第四十八条",
        valid_from=SINCE_2023,
    ),
    _rule(
        "pregnancy",
        "lighter_work",
        "孕期不能适应原来的劳动，凭医疗机构证明减轻工作量或安排其他合适的工作。",
        "Who cannot do her usual work while pregnant gets less of it or other work, on a doctor's certificate.",
        article="第六条第一款",
        **OF_LAW,
    ),
    _rule(
        "pregnancy",
        "pregnant_nights",
        "怀孕 7 个月以上不加班、不上夜班，工作时间内安排一定的休息。",
        "From the seventh month no overtime and no night work, and time to rest within working hours.",
        amount=7,
        measure="months_pregnant",
        article="第六条第二款",
        **OF_LAW,
    ),
    _rule(
        "pregnancy",
        "checkups",
        "工作时间内去做产前检查，所需时间算工作时间。",
        "Antenatal checks within working hours count as work.",
        article="第六条第三款",
        **OF_LAW,
    ),
    _rule(
        "birth",
        "maternity",
        "生育享受 98 天产假。",
        "98 days of leave for a birth.",
        article="第七条第一款",
        **_days(98),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "before_birth",
        "产假中有 15 天可以在产前休。",
        "15 of the days of leave may be taken before the birth.",
        article="第七条第一款",
        **_days(15),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "difficult",
        "难产的增加 15 天。",
        "15 more days after a difficult birth.",
        article="第七条第一款",
        **_days(15),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "each_further",
        "生育多胞胎的，每多生育一个孩子增加 15 天。",
        "15 more days for each further child of a multiple birth.",
        article="第七条第一款",
        **_days(15),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "city_extra",
        "符合规定生育的，在国家规定的产假以外再增加 80 天。",
        "80 days of Chongqing on top of the national leave.",
        **_days(80),
        **OF_CITY,
    ),
    _rule(
        "birth",
        "loss_early",
        "怀孕未满 4 个月流产的，休 15 天。",
        "15 days after a pregnancy that ended before four months.",
        article="第七条第二款",
        **_days(15),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "loss_late",
        "怀孕满 4 个月流产的，休 42 天。",
        "42 days after a pregnancy that ended at four months or later.",
        article="第七条第二款",
        **_days(42),
        **OF_LAW,
    ),
    _rule(
        "birth",
        "father",
        "符合规定生育的，男方有 20 天护理假。",
        "20 days of leave for the father.",
        **_days(20),
        **OF_CITY,
    ),
    _rule(
        "nursing",
        "nursing_time",
        "孩子未满一周岁，每天工作时间内有 1 小时哺乳时间。",
        "One hour a day within working hours to nurse a child under one year.",
        article="第九条第二款",
        **_minutes(60),
        **OF_LAW,
    ),
    _rule(
        "nursing",
        "nursing_further",
        "多胞胎的，每多哺乳一个孩子，每天增加 1 小时。",
        "One more hour a day for each further child of a multiple birth.",
        article="第九条第二款",
        **_minutes(60),
        **OF_LAW,
    ),
    _rule(
        "nursing",
        "nursing_nights",
        "孩子未满一周岁，不加班、不上夜班。",
        "No overtime and no night work while nursing a child under one year.",
        article="第九条第一款",
        **OF_LAW,
    ),
    _rule(
        "nursing",
        "childcare",
        "孩子满六周岁以前，父母各自每年有 5 至 10 天育儿假。",
        "5 to 10 days a year for each parent until the child is six.",
        **_days(5, 10),
        **OF_CITY,
    ),
)


def add(apps, schema_editor):
    """Ship the rules."""
    model = apps.get_model("workplaces", "PeriodRule")
    for rule in RULES:
        model.objects.create(**rule)


class Migration(migrations.Migration):
    dependencies = [("workplaces", "0001_periods")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
