"""Read one cell: a name, a birth month, an identity number, a phone … as people write them.

Each reader returns a `Value`: what was understood (None when nothing was), and the problems found.
What they name of an identity number is masked; of a phone they name nothing.
"""

import datetime
import math
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from stdnum.cn import ric

from accounts import phones
from kernel import masking
from kernel.text import HAN, UNSEEN, squeeze
from talents.codes import is_empty
from talents.imports.problems import Problem

OLDEST, YOUNGEST = 100, 16  # years: nobody works before sixteen (Labour Law, art. 15)
EXCEL_EPOCH = datetime.date(1899, 12, 30)
# Serial numbers of 1927-05-18 and 2036-12-20: nothing else people write in a date cell is of this
# size (a year has four digits, a year with month six).
SERIALS = range(10_000, 50_000)
CONTROLS = r"\x00-\x08\x0b-\x1f"


@dataclass(slots=True)
class Value:
    """What a cell holds, and the problems with it (they do not know their cell yet)."""

    value: object = None
    problems: list[Problem] = field(default_factory=list)

    def note(self, code, **params):
        """Add a problem by its code; returns the value itself."""
        self.problems.append(Problem.of(code, **params))
        return self


def birth_years(today):
    """Return the years (a range) a person of the database may be born in."""
    return range(today.year - OLDEST, today.year - YOUNGEST + 1)


def is_plausible_birth(year, month, today):
    """Tell whether somebody born then is of an age to stand in the database."""
    age = (today.year - year) * 12 + today.month - month
    return YOUNGEST * 12 <= age <= OLDEST * 12


def written(raw):
    """The text of a cell as shown: whole floats without their .0, dates as 1990-09-28."""
    if raw is None:
        return ""
    if isinstance(raw, datetime.datetime):
        raw = raw.date()
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    # An apostrophe in front is how Excel users force text.
    return str(raw).strip().lstrip("'’‘`").strip()


def plain(raw, limit=2000):
    """Free text: blanks folded, empty words (无, / …) to nothing, cut at a sane length."""
    text = written(raw)
    if is_empty(text):
        return ""
    text = re.sub(f"[{CONTROLS}{UNSEEN}]", "", text)
    return re.sub(r"[ \t\u3000\xa0]+", " ", text).strip()[:limit]


# --- name -------------------------------------------------------------------------------------

_NAME = re.compile(f"[{HAN}]+(?:·[{HAN}]+)*")
_LATIN_NAME = re.compile(r"[^\W\d_]+(?:[ .'’\-·]+[^\W\d_]+)*\.?")


def full_name(raw):
    """A person's name: 朱 婧 → 朱婧, dots of minority names → ·; digits and symbols refused."""
    text = " ".join(written(raw).split())
    if is_empty(text):
        return Value().note("name_missing")
    if re.search(r"[?？□\ufffd]", text):
        return Value().note("name_lost_character")
    if text[0] in "=+-@":
        return Value().note("name_like_formula")
    folded = re.sub(r"[(（]女[)）]$", "", squeeze(text))
    folded = re.sub(f"(?<=[{HAN}])[•・‧∙⋅.。﹒](?=[{HAN}])", "·", folded)
    if re.search(r"\d", folded):
        return Value().note("name_digits")
    if len(folded) > 30:
        return Value().note("name_too_long")
    if _NAME.fullmatch(folded):
        if len(folded) == 1:
            return Value().note("name_too_short")
        return Value(folded)
    if _LATIN_NAME.fullmatch(text) and not re.search(f"[{HAN}]", text):
        return Value(text)
    return Value().note("name_unreadable")


# --- birth month ------------------------------------------------------------------------------

_YEAR_MONTH = re.compile(
    r"(\d{4}|\d{2})(年|[./\-·,、])(\d{1,2})(?:月?|[月./\-·,、](\d{1,2})[日号]?)(?:\d\d:\d\d(?::\d\d)?)?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_MONTH_YEAR = re.compile(r"(\d{1,2})(?:月|月?[./\-,])(\d{4})年?")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})")
_WORD_MONTHS = {
    word: number
    for number, word in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
# Oct-90, October 1990, Oct 5, 1990, 5-Oct-1990, 1990 Oct
_WORDS = re.compile(r"(?:(\d{4})[.,\-/]?)?(?:(\d{1,2})[.,\-/]?)?([a-z]{3})[a-z]*[.,\-/']*(.*)")
_CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")


@dataclass(slots=True)
class Month(Value):
    """A birth month. `ambiguous` tells that `value` is October and could be January as well
    (1963.1: Excel drops the last zero of 1963.10); `is_text` that the cell holds text, not a number."""

    ambiguous: bool = False
    is_text: bool = False


def birth_month(raw, *, today):
    """Read a birth month; value is the date of its first day.

    Understood: 1990年9月, 1967.12, 90.10, 1967.05 as a number, 1988-04-01, 10/1990, Oct-90, Oct 5, 1990,
    一九九〇年十月, a date cell, 196302, 19630207 and Excel's serial numbers, also as text. 1963.1 is
    ambiguous (see Month). The identity number settles what cannot be read (people._settle_birth).
    """
    result = Month(is_text=isinstance(raw, str))
    if isinstance(raw, datetime.datetime | datetime.date):
        return _month(result, raw.year, raw.month, today)
    if isinstance(raw, bool) or (isinstance(raw, float) and not math.isfinite(raw)):
        return _unreadable_month(result)
    if isinstance(raw, int | float):
        if int(raw) in SERIALS:
            return _month_of_serial(result, int(raw), today)
        if isinstance(raw, float) and not raw.is_integer() and 20 <= raw < 10_000:
            return _month_of_float(result, raw, today)
    text = squeeze(written(raw))
    if is_empty(text):
        return result
    text = re.sub(r"(出生|生|\(.*?\))$", "", text).rstrip(".").lower()
    return _month_of_text(result, _arabic(text), today)


def _month_of_text(result, text, today):
    if text.isdecimal() and len(text) == 5 and int(text) in SERIALS:
        return _month_of_serial(result, int(text), today)
    if match := _YEAR_MONTH.fullmatch(text):
        year, mark, month, day = match.groups()
        if mark == "." and month == "1" and not day and text[-1] == "1":
            result.ambiguous, month = True, "10"
        return _month_and_day(result, _year(year, today), int(month), day, today)
    if match := _DIGITS.fullmatch(text):
        year, month, day = match.groups()
        return _month_and_day(result, int(year), int(month), day, today)
    if match := _MONTH_YEAR.fullmatch(text):
        return _month(result, int(match[2]), int(match[1]), today)
    if match := _DAY_MONTH_YEAR.fullmatch(text):
        return _month_of_day_and_month(result, *map(int, match.groups()), today)
    if re.fullmatch(r"\d{4}年?", text):
        return result.note("birth_month_year_only")
    return _month_of_words(result, text, today)


def _arabic(text):
    """Return 一九九〇年十月 as 1990年10月; other text as it is."""
    match = re.fullmatch(
        r"([〇○零一二三四五六七八九]{2,4})年(\S{1,3}?)月(?:(\S{1,3})[日号])?", text
    )
    if not match:
        return text
    numbers = [_chinese_number(part) for part in match.groups()[1:] if part]
    if None in numbers:
        return text
    day = f"{numbers[1]}日" if len(numbers) > 1 else ""
    return f"{match[1].translate(_CHINESE)}年{numbers[0]}月{day}"


def _chinese_number(text):
    """Return 十 as 10, 二十一 as 21, 九 and 9 as 9; None for anything else."""
    text = re.sub("^十", "一十", text).translate(_CHINESE)
    text = re.sub(r"十$", "0", text).replace("十", "")
    return int(text) if text.isdecimal() else None


def _month_of_words(result, text, today):
    match = _WORDS.fullmatch(text)
    month = match and _WORD_MONTHS.get(match[3])
    if not month:
        return _unreadable_month(result)
    numbers = re.findall(r"\d+", match[4])
    year = match[1] or (numbers[-1] if numbers else match[2])
    if year is None or len(year) not in (2, 4):
        return _unreadable_month(result)
    return _month(result, _year(year, today), month, today)


def _year(text, today):
    """Return a year of four digits, or of two in the century in which she may have been born."""
    year = int(text)
    if len(text) == 4:
        return year
    return 2000 + year if 2000 + year in birth_years(today) else 1900 + year


def _month_and_day(result, year, month, day, today):
    if day and 1 <= month <= 12 and not _is_day(year, month, int(day)):
        return _unreadable_month(result)
    return _month(result, year, month, today)


def _month_of_day_and_month(result, first, second, year, today):
    """Read 10/05/1990: which is the month shows only where the other one cannot be."""
    months = {number for number in (first, second) if 1 <= number <= 12}
    if len(months) != 1:
        return result.note("birth_month_order") if months else _unreadable_month(result)
    return _month(result, year, months.pop(), today)


def _month_of_serial(result, serial, today):
    date = EXCEL_EPOCH + datetime.timedelta(days=serial)
    result.note("birth_month_serial", month=date)
    return _month(result, date.year, date.month, today)


def _month_of_float(result, raw, today):
    hundredths = raw * 100
    if abs(hundredths - round(hundredths)) > 1e-6:
        return _unreadable_month(result)
    year, month = divmod(round(hundredths), 100)
    year = _year(str(year), today)
    if month == 10:
        result.ambiguous = True
    elif month % 10 == 0:
        # 1963.2 as a number can only be February: there is no month 20.
        month //= 10
    return _month(result, year, month, today)


def _month(result, year, month, today):
    if not 1 <= month <= 12:
        return result.note("birth_month_impossible", number=month)
    if not is_plausible_birth(year, month, today):
        return result.note("birth_month_out_of_range", year=year)
    result.value = datetime.date(year, month, 1)
    return result


def _unreadable_month(result):
    return result.note("birth_month_unreadable")


def _is_day(year, month, day):
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


# --- identity number --------------------------------------------------------------------------


@dataclass(slots=True)
class Identity(Value):
    """An identity number. `seen` is a complete number even where it is not taken over, to find the
    same person twice; `born` the date in it; `sound` whether its check digit is right."""

    seen: str = field(default="", repr=False)
    born: datetime.date | None = None
    sound: bool = False


def id_number(raw, *, today):
    """Read a resident identity number (GB 11643: region, birth date, sequence, ISO 7064 check).

    The county code is checked only for its province: counties are renamed and split, and a number
    carries the code of the day it was issued, not of the day of birth.
    """
    result = Identity()
    text = squeeze(written(raw)).upper().replace("-", "").replace("×", "X").replace("Х", "X")
    if is_empty(text):
        return result
    if _digits_are_lost(raw, text):
        return result.note("id_number_as_number")
    if re.fullmatch(r"[0-9]{15}", text):
        return result.note("id_number_old")
    number = masking.identity_number(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return result.note("id_number_malformed", number=number, length=len(text))
    born = _birth_date(text)
    if born is None or born > today or not _PROVINCE.match(text):
        return result.note("id_number_impossible", number=number)
    result.seen, result.born = text, born
    result.sound = text[-1] == ric.calc_check_digit(text)
    if not is_plausible_birth(born.year, born.month, today):
        result.note("id_number_out_of_range", number=number, year=born.year)
    if int(text[16]) % 2:
        result.note("not_a_woman", number=number)
    if not result.sound:
        result.note("id_number_check_digit", number=number)
    if not result.problems:
        result.value = text
    return result


def _digits_are_lost(raw, text):
    # Excel keeps fifteen digits and fills the rest with zeros; other programs may keep them all.
    if isinstance(raw, int) and len(text) == 18:
        return text.endswith("000") or text[-1] != ric.calc_check_digit(text)
    return isinstance(raw, float) or bool(re.fullmatch(r"\d(\.\d+)?E\+?\d+", text))


def _birth_date(number):
    try:
        return ric.get_birth_date(number)
    except ric.InvalidComponent:
        return None


_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")


# --- phone, e-mail ----------------------------------------------------------------------------

_LANDLINE = re.compile(r"(?:\+?0{0,2}86|0|\+?0{0,2}860)[1-9]\d{1,2}\d{7,8}(?:转\d+)?|[2-8]\d{6,7}")


def phone(raw):
    """A mobile number as eleven digits. A landline, or anything else, is left out with a warning."""
    text = written(raw)
    if is_empty(text):
        return Value()
    parts = [written(part) for part in re.split(r"[/、,，;；\n]|或", text) if squeeze(part)]
    mobiles = [number for part in parts if (number := phones.normalise(part))]
    if mobiles:
        result = Value(mobiles[0])
        if len(set(mobiles)) + len(parts) - len(mobiles) > 1:
            result.note("phone_several")
        return result
    is_landline = any(_LANDLINE.fullmatch(phones.tidy(part)) for part in parts)
    return Value().note("phone_landline" if is_landline else "phone_unreadable")


_EMAIL = EmailValidator()


def email(raw):
    """An e-mail address in lower case; an impossible one is left out."""
    address = squeeze(written(raw)).lower()
    if is_empty(address):
        return Value()
    try:
        _EMAIL(address)
    except ValidationError:
        return Value().note("email_unreadable")
    return Value(address)


# --- fields of research, remark ---------------------------------------------------------------


def research_fields(raw):
    """The fields named in a cell, in order and without repeats: split at 、，,；;/ | line ends, and
    at blanks between Chinese words."""
    text = re.sub(f"(?<=[{HAN}])[ \u3000\t]+(?=[{HAN}])", "、", written(raw))
    words = [plain(w) for w in re.split(r"[、，,；;/|\n\r]+", text)]
    return list(dict.fromkeys(w for w in words if w))


# Private matters a remark may tell of a woman's pregnancy or leave: sensitive data that needs her
# own consent (PIPL art. 29), which a unit's form cannot give.
_SENSITIVE = re.compile(
    r"产假|陪产|待产|产后|产期|预产|怀孕|孕期|怀胎|备孕|身孕|妊娠|分娩|哺乳|母乳|生育|流产|返岗|"
    r"育儿假|[二三]孩|[二三]胎|生二|生三|四期|月子"
)
_OVERSEAS = re.compile(r"留学|海归|归国|海外(学习|学历|博士|硕士)|留[美英日德法加澳俄韩]")
_CONSENT = re.compile(r"同意(入库|采集|录入|收录)|同意$|^已同意")
_NO_CONSENT = re.compile(r"(不|未|没有|尚未)(同意|愿意?)|拒绝")


@dataclass(slots=True)
class Remark(Value):
    """A remark. `value` is what may be kept of it, `clean` what may be written back into the form."""

    clean: str = ""
    overseas: bool = False
    consent: bool = False

    @property
    def is_sensitive(self):
        """True when something of it must be stored nowhere."""
        return any(problem.code == "sensitive_remark" for problem in self.problems)


def remark(raw):
    """Read a remark clause by clause: clauses on pregnancy, maternity or return from leave are not
    taken over; 同意入库 and 留学归国 become flags."""
    result, kept, clean = Remark(""), [], []
    for clause in re.split(r"[；;。，,、\n\r]+", plain(raw)):
        clause = clause.strip()
        if not clause:
            continue
        is_consent = bool(_CONSENT.search(clause) and not _NO_CONSENT.search(clause))
        result.overseas = result.overseas or bool(_OVERSEAS.search(clause) and not is_consent)
        if _SENSITIVE.search(clause):
            if not result.is_sensitive:
                result.note("sensitive_remark")
            continue
        clean.append(clause)
        if is_consent:
            result.consent = True
            continue
        if _NO_CONSENT.search(clause):
            result.note("consent_refused")
        kept.append(clause)
    result.value, result.clean = "；".join(kept), "；".join(clean)
    return result


_ABROAD = re.compile(
    r"美国|英国|德国|法国|日本|加拿大|澳大利亚|新西兰|俄罗斯|韩国|新加坡|瑞士|瑞典|荷兰|意大利|西班牙|"
    r"哈佛|斯坦福|麻省理工|牛津|剑桥|帝国理工|慕尼黑|东京|京都|首尔|悉尼大学|墨尔本|多伦多|莫斯科"
)


def is_abroad(school):
    """Does a school look foreign: named in Latin letters or after a foreign place?"""
    letters = re.findall(r"[^\W\d_]", school)
    latin = sum(not re.match(f"[{HAN}]", c) for c in letters)
    return bool(_ABROAD.search(school)) or (latin > 5 and latin > len(letters) / 2)
