"""Read one cell: a name, a birth month, an identity number, a phone … as people write them.

Each reader returns a `Value`: what was understood (None when nothing was), and what is to be said
about it as (level, code, sentence). The sentences never repeat an identity number or a phone.
"""

import datetime
import math
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from stdnum.cn import ric

from kernel.text import squeeze
from talents.codes import is_empty

# A wrong check digit proves a slip somewhere in the number, not a wrong person. The number is left
# out and asked for again when the person is verified; "error" here would send the row back instead.
WRONG_CHECK_DIGIT = "warning"

FIRST_YEAR = 1920
YOUNGEST = 14
EXCEL_EPOCH = datetime.date(1899, 12, 30)
# Serial numbers of 1927-05-18 and 2036-12-20: nothing else people write in a date cell is of this
# size (a year has four digits, a year with month six).
SERIALS = range(10_000, 50_000)


@dataclass(slots=True)
class Value:
    """What a cell holds. `notes` are (level, code, sentence) with level error, warning or info."""

    value: object = None
    notes: list[tuple[str, str, str]] = field(default_factory=list)

    def note(self, level, code, sentence):
        self.notes.append((level, code, sentence))
        return self


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
    text = re.sub(r"[\x00-\x08\x0b-\x1f\u200b-\u200f\u2060\ufeff]", "", text)
    return re.sub(r"[ \t\u3000\xa0]+", " ", text).strip()[:limit]


def masked(text):
    """A number with its middle hidden: 5001**********0004."""
    text = squeeze(text)
    if len(text) < 15:
        return "*" * len(text)
    return text[:4] + "*" * (len(text) - 8) + text[-4:]


# --- name -------------------------------------------------------------------------------------

_HAN = "\u3400-\u9fff\u3007\U00020000-\U000323af"
_NAME = re.compile(f"[{_HAN}]+(?:·[{_HAN}]+)*")
_LATIN_NAME = re.compile(r"[^\W\d_]+(?:[ .'’\-·]+[^\W\d_]+)*\.?")


def full_name(raw):
    """A person's name: 朱 婧 → 朱婧, dots of minority names → ·; digits and symbols refused."""
    text = " ".join(written(raw).split())
    if is_empty(text):
        return Value().note("error", "name_missing", _("姓名为空，请填写姓名。"))
    if re.search(r"[?？□\ufffd]", text):
        return Value().note(
            "error", "name_lost_character", _("姓名里有未能显示的生僻字，请重新录入完整姓名。")
        )
    if text[0] in "=+-@":
        return Value().note("error", "name_unreadable", _("姓名像公式或符号，请填写真实姓名。"))
    folded = re.sub(r"[(（]女[)）]$", "", squeeze(text))
    folded = re.sub(f"(?<=[{_HAN}])[•・‧∙⋅.。﹒](?=[{_HAN}])", "·", folded)
    if re.search(r"\d", folded):
        return Value().note("error", "name_digits", _("姓名里有数字，请只填写姓名。"))
    if len(folded) > 30:
        return Value().note("error", "name_too_long", _("姓名超过 30 个字，请只填写姓名。"))
    if _NAME.fullmatch(folded):
        if len(folded) == 1:
            return Value().note("error", "name_too_short", _("姓名只有一个字，请填写全名。"))
        return Value(folded)
    if _LATIN_NAME.fullmatch(text) and not re.search(f"[{_HAN}]", text):
        return Value(text)
    return Value().note("error", "name_unreadable", _("姓名里有多余的符号，请只填写姓名。"))


# --- birth month ------------------------------------------------------------------------------

_YEAR_MONTH = re.compile(r"(\d{4})[年./\-·,、](\d{1,2})(?:月?|[月./\-·](\d{1,2})日?)(?:00:00:00)?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})?")


@dataclass(slots=True)
class Month(Value):
    """A birth month. `ambiguous` tells that `value` is October and could be January as well
    (1963.1: Excel drops the last zero of 1963.10)."""

    ambiguous: bool = False


def birth_month(raw, *, today):
    """Read a birth month; value is the date of its first day.

    Understood: 1990年9月, 1967.12, 1967.05 as a number, 1988-04-01, a date cell, 196302, 19630207
    and Excel's serial numbers. The number 1963.1 is ambiguous (see Month); typed as text it means
    January. An impossible month is an error even when the identity number would settle it: one of
    the two cells is wrong and only the unit knows which.
    """
    result = Month()
    if isinstance(raw, datetime.datetime | datetime.date):
        return _month(result, raw.year, raw.month, today)
    if isinstance(raw, bool) or (isinstance(raw, float) and not math.isfinite(raw)):
        return _unreadable_month(result)
    if isinstance(raw, int | float):
        if raw in SERIALS or (isinstance(raw, float) and int(raw) in SERIALS):
            date = EXCEL_EPOCH + datetime.timedelta(days=int(raw))
            result.note(
                "info",
                "birth_month_serial",
                _("出生年月是 Excel 的日期序号，已按%(month)s录入。") % {"month": cn_month(date)},
            )
            return _month(result, date.year, date.month, today)
        if isinstance(raw, float) and not raw.is_integer() and 1000 <= raw < 10_000:
            return _month_of_float(result, raw, today)
    text = squeeze(written(raw))
    if is_empty(text):
        return result
    text = re.sub(r"(出生|生|\(.*?\))$", "", text).rstrip(".")
    if match := _YEAR_MONTH.fullmatch(text) or _DIGITS.fullmatch(text):
        year, month, day = match.groups()
        if day and 1 <= int(month) <= 12 and not _is_day(int(year), int(month), int(day)):
            return _unreadable_month(result)
        return _month(result, int(year), int(month), today)
    if re.fullmatch(r"\d{4}年?", text):
        return result.note(
            "warning",
            "birth_month_year_only",
            _("出生年月只有年份，未录入；请补充月份，如1990.09。"),
        )
    return _unreadable_month(result)


def _month_of_float(result, raw, today):
    hundredths = raw * 100
    if abs(hundredths - round(hundredths)) > 1e-6:
        return _unreadable_month(result)
    year, month = divmod(round(hundredths), 100)
    if month == 10:
        result.ambiguous = True
    elif month % 10 == 0:
        # 1963.2 as a number can only be February: there is no month 20.
        month //= 10
    return _month(result, year, month, today)


def _month(result, year, month, today):
    if not 1 <= month <= 12:
        return result.note(
            "error",
            "birth_month_impossible",
            _("没有%(month)s月，请核对出生年月，按1990.09这样的格式重新填写。") % {"month": month},
        )
    if year < FIRST_YEAR or (year + YOUNGEST, month) > (today.year, today.month):
        return result.note(
            "error",
            "birth_month_out_of_range",
            _("出生年份%(year)s不合理，请核对出生年月。") % {"year": year},
        )
    result.value = datetime.date(year, month, 1)
    return result


def _unreadable_month(result):
    return result.note(
        "error",
        "birth_month_unreadable",
        _("看不懂出生年月，请按1990.09或1990年9月这样的格式重新填写。"),
    )


def _is_day(year, month, day):
    try:
        datetime.date(year, month, day)
    except ValueError:
        return False
    return True


def cn_month(date):
    """1990年9月"""
    return f"{date.year}年{date.month}月"


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
    lost = isinstance(raw, float) or re.fullmatch(r"\d(\.\d+)?E\+?\d+", text)
    # Excel keeps fifteen digits and fills the rest with zeros; other programs may keep them all.
    if isinstance(raw, int) and len(text) == 18:
        lost = text.endswith("000") or text[-1] != ric.calc_check_digit(text)
    if lost:
        return result.note(
            "error",
            "id_number_as_number",
            _("身份证号已被 Excel 存成数字，末几位已丢失，请以文本格式重新录入。"),
        )
    if re.fullmatch(r"[0-9]{15}", text):
        return result.note(
            "error", "id_number_old", _("这是15位旧身份证号，请填写现在的18位号码。")
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return result.note(
            "error",
            "id_number_malformed",
            _("身份证号%(number)s不是18位（现有%(length)s位），请核对后重新填写。")
            % {"number": masked(text), "length": len(text)},
        )
    try:
        born = ric.get_birth_date(text)
    except ric.InvalidComponent:
        born = None
    if born is None or born > today or born.year < 1900 or not _PROVINCE.match(text):
        return result.note(
            "error",
            "id_number_impossible",
            _("身份证号%(number)s的地区或出生日期不存在，请核对后重新填写。")
            % {"number": masked(text)},
        )
    result.seen, result.born = text, born
    result.sound = text[-1] == ric.calc_check_digit(text)
    if int(text[16]) % 2:
        result.note(
            "error",
            "not_a_woman",
            _("身份证号%(number)s显示为男性，本库收录女性科技人才，请核对身份证号。")
            % {"number": masked(text)},
        )
    if not result.sound:
        result.note(
            WRONG_CHECK_DIGIT,
            "id_number_check_digit",
            _("身份证号%(number)s校验位不对，号码有误，未录入；请对照证件核对。")
            % {"number": masked(text)},
        )
    elif int(text[16]) % 2 == 0:
        result.value = text
    return result


_PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]")


# --- phone, e-mail ----------------------------------------------------------------------------

_MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:\+?0{0,2}86|0|\+?0{0,2}860)[1-9]\d{1,2}\d{7,8}(?:转\d+)?|[2-8]\d{6,7}")


def phone(raw):
    """A mobile number as eleven digits. A landline, or anything else, is left out with a warning."""
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = written(raw)
    if is_empty(text):
        return Value()
    parts = [p for p in re.split(r"[/、,，;；\n]|或", text) if squeeze(p)]
    # Digits in any script people have on the keyboard fold to ASCII in squeeze().
    folded = [re.sub(r"[()\-.·_‐-―−]", "", squeeze(p)).lstrip("'") for p in parts]
    mobiles = [m.group(1) for f in folded if f.isascii() and (m := _MOBILE.fullmatch(f))]
    if mobiles:
        result = Value(mobiles[0])
        if len(parts) > 1 and len(set(mobiles)) + len(parts) - len(mobiles) > 1:
            result.note("warning", "phone_several", _("填了多个电话，只录入第一个手机号，请核对。"))
        return result
    if any(_LANDLINE.fullmatch(f) for f in folded):
        return Value().note(
            "warning", "phone_landline", _("这是座机号或不完整的号码，未录入；请补充11位手机号。")
        )
    return Value().note(
        "warning", "phone_unreadable", _("这不是有效的11位手机号，未录入；请核对后补充。")
    )


_EMAIL = EmailValidator()


def email(raw):
    """An e-mail address with its domain in lower case; an impossible one is left out."""
    text = squeeze(written(raw))
    if is_empty(text):
        return Value()
    name, at, domain = text.rpartition("@")
    address = f"{name}{at}{domain.lower()}"
    try:
        _EMAIL(address)
    except ValidationError:
        return Value().note("warning", "email_unreadable", _("邮箱格式不对，未录入；请核对。"))
    return Value(address)


# --- fields of research, remark ---------------------------------------------------------------


def research_fields(raw):
    """The fields named in a cell, in order and without repeats: split at 、，,；;/ | line ends, and
    at blanks between Chinese words."""
    text = re.sub(f"(?<=[{_HAN}])[ \u3000\t]+(?=[{_HAN}])", "、", written(raw))
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
    """A remark. `value` is what may be kept of it."""

    overseas: bool = False
    consent: bool = False


def remark(raw):
    """Read a remark clause by clause: clauses on pregnancy, maternity or return from leave are not
    taken over; 同意入库 and 留学归国 become flags."""
    result = Remark("")
    kept = []
    for clause in re.split(r"[；;。，,、\n\r]+", plain(raw)):
        clause = clause.strip()
        if not clause:
            continue
        if _SENSITIVE.search(clause):
            if not result.notes or result.notes[-1][1] != "sensitive_remark":
                result.note(
                    "warning", "sensitive_remark", _("备注中的生育信息属于敏感信息，未录入。")
                )
            result.overseas = result.overseas or bool(_OVERSEAS.search(clause))
            continue
        if _NO_CONSENT.search(clause):
            result.note(
                "error", "consent_refused", _("备注写明本人不同意入库，不予录入；请从表中删去。")
            )
        elif _CONSENT.search(clause):
            result.consent = True
            continue
        result.overseas = result.overseas or bool(_OVERSEAS.search(clause))
        kept.append(clause)
    result.value = "；".join(kept)
    return result


_ABROAD = re.compile(
    r"美国|英国|德国|法国|日本|加拿大|澳大利亚|新西兰|俄罗斯|韩国|新加坡|瑞士|瑞典|荷兰|意大利|西班牙|"
    r"哈佛|斯坦福|麻省理工|牛津|剑桥|帝国理工|慕尼黑|东京|京都|首尔|悉尼大学|墨尔本|多伦多|莫斯科"
)


def is_abroad(school):
    """Does a school look foreign: named in Latin letters or after a foreign place?"""
    letters = re.findall(r"[^\W\d_]", school)
    latin = sum(not re.match(f"[{_HAN}]", c) for c in letters)
    return bool(_ABROAD.search(school)) or (latin > 5 and latin > len(letters) / 2)
