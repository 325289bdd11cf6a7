"""Facts of a record in words, with where each comes from."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kernel.words import listed, moment_text, month_text, year_text
from talents.career import standards
from talents.career.sources import FactSource, words_of

# What she looks through, by the step that changes it.
HERS = (
    (
        2,
        gettext_lazy("单位与职务"),
        ("unit", "position", "unit_since", "professional_title", "title_level", "title_since"),
    ),
    (
        3,
        gettext_lazy("专业与研究"),
        (
            "education_level",
            "degree",
            "school_and_major",
            "graduated",
            "discipline",
            "discipline_detail",
            "industry",
            "industry_division",
            "research_fields",
            "overseas_detail",
        ),
    ),
)
# What has no source of its own: it follows from something else.
OWN_WORDS = {"masked_id_number": "id_number", "masked_phone": "phone", "masked_email": "email"}


# Who stood for the whole record.
BY = {
    FactSource.SELF: pgettext_lazy("seen by others", "本人"),
    FactSource.UNIT: gettext_lazy("单位"),
    FactSource.STAFF: gettext_lazy("工作人员"),
    FactSource.IMPORT: gettext_lazy("单位报送的名单"),
}


def label(talent, name):
    """Return what a fact is called."""
    return talent._meta.get_field(OWN_WORDS.get(name, name)).verbose_name


def value(talent, name):
    """Return a fact in words, "" where there is none."""
    if name == "unit":
        unknown = talent.unit_text and not talent.unit_id
        return _("%(name)s（未收录）") % {"name": talent.unit_text} if unknown else talent.unit_name
    if name == "confirmed_by":
        return BY.get(talent.confirmed_by, "")
    found = getattr(talent, name)
    if display := getattr(talent, f"get_{name}_display", None):
        return display() or ""
    if not found:
        return ""
    if name in ("birth_month", "unit_since"):
        return month_text(found)
    if name in ("title_since", "graduated"):
        return year_text(found)
    if name in standards.ABOVE:
        return standards.words(name, found)
    if name == "research_fields":
        return listed(found)
    return moment_text(found) if name.endswith(("_at", "_from")) else str(found)


def source(talent, name):
    """Return where a fact comes from and when it was last confirmed, in words."""
    name = OWN_WORDS.get(name, name)
    if name == "unit" and not talent.unit_id and "unit_text" in talent.facts:
        name = "unit_text"
    return words_of(talent, name)


def of_hers(talent):
    """Return [(step, title, source, [(label, value, source)])] of what she looks through.

    Where all facts of a group have one source it is said once, for the group.
    """
    return [(step, title, *_group(talent, names)) for step, title, names in HERS]


def _group(talent, names):
    said = [n for n in names if value(talent, n)]
    sources = [source(talent, n) for n in said]
    common = sources[0] if len(set(sources)) == 1 else ""
    facts = [
        (label(talent, n), value(talent, n), "" if common else words)
        for n, words in zip(said, sources, strict=True)
    ]
    return common, facts
