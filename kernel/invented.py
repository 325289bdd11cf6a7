"""Invented people for the demo and the benchmark.

Identity numbers carry the sequence 000, which is never issued; phones are 140-0000-xxxx, a range no
operator uses; addresses end in example.cn.
"""

from datetime import date, timedelta

from stdnum.cn import ric

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN_FIRST = "雨思佳晓静雅欣婉诗梦若芷清书语嘉悦心怡明文慧淑丽秀玉春兰冬海云晨子一以之知"
GIVEN_SECOND = "涵琪琳瑶婷娜敏洁颖莹雪玲燕芳霞红萍娟蕾薇菲媛彤璇妍岚宁然君竹溪禾桐昕曦宜安"
DOUBLE_SURNAMES = ("欧阳", "上官", "司徒", "诸葛")

REGIONS = ("500112", "500105", "500103", "500108", "500106", "510104", "310115", "110108")


def full_name(random):
    """Return an invented woman's name."""
    surname = random.choice(DOUBLE_SURNAMES) if random.random() < 0.02 else random.choice(SURNAMES)
    given_name = random.choice(GIVEN_SECOND)
    if random.random() < 0.75:
        given_name = random.choice(GIVEN_FIRST) + given_name
    return surname + given_name


def birthday(random):
    """Return a day between 1964 and 2001."""
    return date(1964, 1, 1) + timedelta(days=random.randrange(13_800))


def identity_number(region, born):
    """Return the identity number with sequence 000 of a region and a birthday."""
    number = f"{region}{born:%Y%m%d}000"
    return number + ric.calc_check_digit(f"{number}0")  # it leaves the last digit out


def phone(number):
    """Return the invented mobile number 140-0000-xxxx."""
    return f"1400000{number % 10_000:04d}"
