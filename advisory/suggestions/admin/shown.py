"""What the page of a suggestion shows of the rows that hang on it: lists of links, nothing to edit."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kernel.words import clauses, day_text, listed


def linked(model, row, words):
    """Return the link to a row's page ("suggestion" …)."""
    where = reverse(f"admin:advisory_{model}_change", args=[row.pk])
    return format_html('<a class="portal-link" href="{}">{}</a>', where, words)


def called(row):
    """Return what a suggestion is called: its title, its code once the text is gone."""
    return row.title or row.code


def suggestion(row):
    """Return the link to a suggestion."""
    return linked("suggestion", row, called(row))


def lines(rows):
    """Return HTML lines as a list, "" where there is none."""
    rows = [(row,) for row in rows]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", rows)) if rows else ""


def joined_to(row):
    """Return the link to what it was joined to."""
    main = row.joined_to
    return suggestion(main) if main else ""


def assignments(suggestion):
    """Return the departments that deal with it, and the way to all it was ever given to: handed back is the coordinator's."""
    rows = suggestion.assignments.standing().select_related("department").order_by("pk")
    where = f"{reverse('admin:advisory_assignment_changelist')}?q={suggestion.code}"
    others = format_html('<a class="portal-link" href="{}">{}</a>', where, _("全部交办记录"))
    return lines([*(linked("assignment", row, assignment_words(row)) for row in rows), others])


def assignment_words(row):
    """Say who does what by when, and where it stands."""
    said = [row.get_role_display(), row.department.label, row.get_state_display()]
    if row.is_open:
        said.append(_("%(day)s到期") % {"day": day_text(row.due_on)})
    return " · ".join(map(str, said))


def replies(suggestion):
    """Return its replies, the oldest first."""
    rows = suggestion.replies.order_by("pk")
    return lines(linked("reply", row, reply_words(row)) for row in rows)


def reply_words(row):
    """Say which reply it is, what it comes to and where it stands."""
    said = [which_reply(row), row.get_answer_display(), row.get_state_display()]
    if row.is_published:
        said.append(_("公开"))
    return " · ".join(map(str, said))


def which_reply(row):
    """Say which of the replies to a suggestion it is."""
    words = _("再次答复") if row.number else _("答复")
    if row.round > 1:
        words = _("%(reply)s（重新办理）") % {"reply": words}
    return _("%(reply)s（更正）") % {"reply": words} if row.corrects_id else words


def adoptions(suggestion):
    """Return what took it up."""
    rows = suggestion.adoptions.order_by("pk")
    return lines(linked("adoption", row, adoption_words(row)) for row in rows)


def adoption_words(row):
    """Say what took it up and where it stands."""
    return " · ".join(map(str, (row.get_kind_display(), row.what, row.get_state_display())))


def joined(main):
    """Return what was joined to it."""
    return lines(suggestion(row) for row in main.joined.order_by("pk"))


def cosigners(suggestion):
    """Say how many signed too, and the names of those who want to be named."""
    rows = list(suggestion.cosignatures.standing().order_by("pk"))
    if not rows:
        return ""
    count = ngettext("%(n)s 人", "%(n)s 人", len(rows)) % {"n": len(rows)}
    named = listed(row.signed_as for row in rows if row.signed_as)
    return (
        _("%(count)s，其中实名：%(names)s") % {"count": count, "names": named} if named else count
    )


def ratings(reply):
    """Say what the authors think of a reply; nobody is named."""
    rows = reply.ratings.order_by("pk")
    return lines(clauses(filter(None, (row.get_verdict_display(), row.words))) for row in rows)


def contests(adoption):
    """Return what authors say to an adoption and its effects."""
    rows = adoption.contests.order_by("pk")
    return lines(linked("contest", row, contest_words(row)) for row in rows)


def contest_words(row):
    """Say what is contested, and what came of it."""
    return f"{contested(row)} · {row.get_outcome_display() or _('待处理')}"


def contested(row):
    """Say what is contested."""
    return _("%(n)s 个月成效") % {"n": row.effect.months} if row.effect else _("采纳本身")


def effects(adoption):
    """Return what is told of its effect, and by when."""
    rows = adoption.effects.order_by("months")
    return lines(linked("effectreport", row, effect_words(row)) for row in rows)


def effect_words(row):
    """Say what an effect is due on, or that it was told."""
    head = _("%(n)s 个月成效") % {"n": row.months}
    if row.told_at is None:
        return f"{head} · {_('%(day)s到期') % {'day': day_text(row.due_on)}}"
    return f"{head} · {_('有可核实的成效') if row.proven else _('还没有成效')}"
