"""Units of a list that no unit of the portal is called: what they may be, and taking them up as new ones."""

import difflib
import re
from collections import Counter
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.models import Unit, UnitKind
from accounts.names import unit_key
from accounts.operations import save_unit
from kernel import rights
from kernel.errors import Invalid
from talents.imports.workbook.units import is_unit_name, unit_name

MOST = 30
CLOSE = 5
COMPARED = 50  # names that are compared letter by letter with one that is not known
MANY = 500  # names with a pair of characters, from which on it tells nothing
LONGEST_NAME = Unit._meta.get_field("name").max_length
# What a unit is, by the first of these its name has; else an enterprise, as most are.
KINDS = (
    ("公司|集团|厂", UnitKind.ENTERPRISE),
    ("医院|卫生院|医学中心", UnitKind.HOSPITAL),
    ("银行|支行|信用社", UnitKind.BANK),
    ("研究院|研究所|科学院|实验室|设计院|科学城", UnitKind.RESEARCH_INSTITUTE),
    ("大学|学院|学校|[小中]学|幼儿园", UnitKind.SCHOOL),
    ("协会|学会|联合会|商会|促进会|基金会", UnitKind.ASSOCIATION),
    ("局$|委员会|管委会|政府|街道|办公室$", UnitKind.GOVERNMENT),
)


def guessed_kind(name):
    """Return the UnitKind a name suggests."""
    return next((kind for words, kind in KINDS if re.search(words, name)), UnitKind.ENTERPRISE)


def proposals(run):
    """Return what the clerk is asked about each unknown unit, those of most rows first (MOST at most).

    Each a dict: position, name, count of rows, `close` (Units it may be), `chosen` (pk or None), and the
    `new_name` and `new_kind` it would be taken up with.
    """
    asked = run.unknown_units[:MOST]
    known = dict(Unit.objects.values_list("match_key", "pk"))
    like = likely([unit_key(name) for name, _count in asked], known)
    found = {
        key: difflib.get_close_matches(key, keys, n=CLOSE, cutoff=0.4) for key, keys in like.items()
    }
    pks = [known[one] for keys in found.values() for one in keys] + list(run.units.values())
    units = Unit.objects.in_bulk(set(filter(None, pks)))
    close = {key: [units[known[one]] for one in keys] for key, keys in found.items()}
    return [_proposal(run, units, close, *found) for found in enumerate(asked)]


def likely(keys, known):
    """Return {key: up to COMPARED of the `known` names that share most pairs of characters with it}.

    To compare each letter by letter takes seconds where units are thousands. A pair that many names have
    (有限, 公司) says nothing.
    """
    wanted = {pair for key in keys for pair in _pairs(key)}
    having = {pair: [] for pair in wanted}
    for one in known:
        for pair in wanted & _pairs(one):
            having[pair].append(one)
    telling = {pair: names for pair, names in having.items() if len(names) <= MANY}
    return {key: _sharing_most(key, telling) for key in keys}


def _pairs(key):
    return set(map("".join, pairwise(key)))


def _sharing_most(key, telling):
    shared = Counter(one for pair in _pairs(key) for one in telling.get(pair, ()))
    return [one for one, _count in shared.most_common(COMPARED)]


def _proposal(run, units, close, position, found):
    name, count = found
    key = unit_key(name)
    close, chosen = close[key], run.units.get(key)
    if chosen in units and units[chosen] not in close:
        close = [units[chosen], *close]
    return {
        "position": position,
        "name": name,
        "count": count,
        "close": close,
        "chosen": chosen,
        "new_name": name[:LONGEST_NAME],
        "new_kind": guessed_kind(name),
    }


def why_not_register(name, kind):
    """Return why a unit cannot be taken up as `name` and `kind` (Invalid), or None."""
    if not is_unit_name(name) or len(name) > LONGEST_NAME:
        sentence = _("“%(name)s”不像单位名称，请写单位全称，如“重庆大学”，最多 %(limit)s 字。")
        about = {"name": name[:20], "limit": LONGEST_NAME}
        return Invalid("unit_name_unreadable", sentence % about)
    if kind not in UnitKind.values:
        return Invalid("unit_kind_missing", _("请选择“%(name)s”的单位类型。") % {"name": name})
    return None


def register(*, name, kind, by, now):
    """Take up a unit of a list, by the operation of the units' own page; returns it.

    A unit of that name that has come in meanwhile is that unit. Raises Refused, Conflict, and Invalid as
    `why_not_register` returns it.
    """
    rights.require(by, "accounts.add_unit")
    name = unit_name(name.strip())
    if error := why_not_register(name, kind):
        raise error
    known = Unit.objects.spelled(name)
    return known or save_unit(unit=None, by=by, now=now, name=name, kind=kind)
