"""Filters and tags every template may use."""

import re
from functools import cache

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lucide.templatetags import lucide as icons

from kernel import holes, masking, words
from kernel.admin import links
from kernel.public_pages import is_for_anybody
from kernel.refused import problems
from kernel.text import HAN
from kernel.words import day_text, moment_text

register = template.Library()
ENGLISH = "/en/"
# Chinese with the punctuation around it, what stands between (figures, a mask), Latin letters that touch it.
_CHINESE = re.compile(f"([《“（]*[{HAN}](?:[^A-Za-z]*[{HAN}]|[A-Za-z0-9]+[{HAN}])*[》”）。]*)")

register.filter("reachable", links.reachable)
register.filter("masked_phone", masking.phone)
register.filter("masked_email", masking.email)
register.filter("masked_name", masking.name)


# The package copies an icon's tree and writes it as XML each time; the templates name some sixty of them.
register.simple_tag(cache(icons.lucide), name="lucide")


def _whole(text):
    """Return a day, or hours, as what no line's end divides: Chinese breaks between any two characters."""
    return format_html('<span class="whitespace-nowrap">{}</span>', text)


def _whole_day(moment):
    """Return a moment in words with its day whole; its hour may stand on the next line, where a column is narrow."""
    day, _blank, hour = moment.rpartition(" ")
    return format_html("{} {}", _whole(day), hour)


@register.filter
def cn_date(value):
    """Show a date or datetime as a day, whole on one line."""
    if not value:
        return ""
    return _whole(day_text(timezone.localtime(value) if hasattr(value, "tzinfo") else value))


@register.filter
def record_date(value):
    """Show a date of record, such as when a term ends, without its weekday; whole on one line."""
    return _whole(words.record_day_text(value)) if value else ""


@register.filter
def weekday_short(day):
    """Show a date's weekday as 周日, in English as Sun."""
    return words.weekday_text(day)


@register.filter
def cn_month(value):
    """Show a date's month as 2026年3月, in English as March 2026."""
    return words.month_text(value) if value else ""


@register.filter
def money(value):
    """Show an amount of yuan as 100,000."""
    return words.money_text(value)


@register.filter
def listed(items):
    """Show items in one line: 甲、乙, in English A, B."""
    return words.listed(items)


@register.simple_tag
def paper_note(reader):
    """Return what stands on a staff page that is printed: who had it before her, and when."""
    said = {"who": reader, "at": moment_text(timezone.now())}
    return _("%(who)s，%(at)s打印。含个人信息的请妥善保管，用完销毁。") % said


@register.simple_tag
def labelled(label, text):
    """Show a label and what it stands before."""
    return format_html("{}{}{}", label, words.colon(), text)


@register.filter
def cn_datetime(value):
    """Show a datetime as day and time in Asia/Shanghai, its day on one line."""
    return _whole_day(moment_text(value)) if value else ""


@register.filter
def waited(since, now):
    """Show how long it is from one moment to another as 3 天."""
    return words.length_text(now - since)


@register.filter
def chinese(text):
    """Mark the Chinese in a text of an English page as such, so that it is read out rightly.

    What is markup already is left as it is: it was marked where it was made.
    """
    if get_language() != "en" or not _CHINESE.search(str(text)):
        return text
    escaped = conditional_escape(text)
    if "<" in escaped:
        return text
    return mark_safe(_CHINESE.sub(r'<span lang="zh-Hans">\1</span>', escaped))  # noqa: S308 - escaped


@register.simple_tag
def is_chinese(text):
    """Return the attribute that says an element's text is Chinese, "" where that goes without saying."""
    return mark_safe('lang="zh-Hans"') if chinese(text) is not text else ""


@register.simple_tag
def cn_span(starts_at, ends_at, day=True):
    """Show from when to when as 2026年3月8日 (周日) 14:00–17:00, neither the day nor the hours on two lines.

    Without `day`, where the date stands beside it already: 周日 14:00–17:00.
    """
    begin, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    text = words.span_text(begin, end)
    if not day:
        text = text.replace(day_text(begin), words.weekday_text(begin), 1)
    if begin.date() != end.date():
        return format_html("{}&nbsp;– {}", *map(_whole_day, text.split(" – ")))
    *first, hours = text.split(" ")
    return format_html("{} {}", _whole(" ".join(first)), _whole(hours))


@register.simple_tag(takes_context=True)
def hole(context, name, *args):
    """Show the named hole (kernel.holes); in a page rendered for everybody, the mark that is filled later."""
    request = context["request"]
    if is_for_anybody(request):
        return holes.mark(name, args)
    return holes.filled(request, name, args)


@register.simple_tag(takes_context=True)
def page_name(context):
    """Return what the page's template puts into its block `title`, for its heading."""
    return context.render_context[BLOCK_CONTEXT_KEY].get_block("title").render(context).strip()


@register.simple_tag(takes_context=True)
def refused(context):
    """Return the problems of the page's refused forms (kernel.refused), for its title and its summary."""
    return problems(context.flatten())


@register.simple_tag(takes_context=True)
def refused_mark(context):
    """Return what the title of a page begins with whose form was refused; "" for any other."""
    found = refused(context)
    if any(not problem.asks for problem in found):
        return _("需要修改：")
    return _("请核对：") if found else ""


@register.simple_tag
def portal_path(path=""):
    """Return the address of a page in the reader's language: "events/" as /events/ or /en/events/."""
    return f"{ENGLISH if get_language() == 'en' else '/'}{path}"


@register.simple_tag(takes_context=True)
def switch_language_url(context):
    """Return the address of the same page, query included, in the other language."""
    request = context.get("request")
    path = request.get_full_path() if request else portal_path()
    if path.startswith(ENGLISH):
        return "/" + path.removeprefix(ENGLISH).lstrip("/")
    return ENGLISH + path.lstrip("/")


@register.simple_tag(takes_context=True)
def is_current(context, path):
    """Tell whether the page shown lies at or under `path` ("events/"), for the navigation."""
    request = context.get("request")
    return bool(request) and request.path.startswith(portal_path(path))


@register.filter
def month_short(value):
    """Show the month of a datetime in Asia/Shanghai as 3月, in English as Mar."""
    local = timezone.localtime(value)
    return f"{local:%b}" if get_language() == "en" else f"{local.month}月"
