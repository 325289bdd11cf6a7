"""Invented people: names, identity numbers that were never issued, phones nobody has."""

from datetime import date, timedelta

from stdnum.cn import ric

from liangjiang.demo import names

REGIONS = ("500112", "500105", "500103", "500108", "500106", "510104", "310115", "110108")


def full_name(random):
    """Return an invented woman's name."""
    surname = (
        random.choice(names.DOUBLE_SURNAMES)
        if random.random() < 0.02
        else random.choice(names.SURNAMES)
    )
    given = random.choice(names.GIVEN_SECOND)
    if random.random() < 0.75:
        given = random.choice(names.GIVEN_FIRST) + given
    return surname + given


def birthday(random):
    """Return a day between 1964 and 2001."""
    return date(1964, 1, 1) + timedelta(days=random.randrange(13_800))


def identity_number(region, born):
    """Return the identity number with sequence 000 of a region and a birthday."""
    number = f"{region}{born:%Y%m%d}000"
    return number + ric.calc_check_digit(number)


def phone(number):
    """Return the invented mobile number 140-0000-xxxx."""
    return f"1400000{number % 10_000:04d}"
