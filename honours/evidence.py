"""Files that prove an honour: what they are by their content, kept sealed (calls.files, privacy.pieces)."""

from calls import files
from honours import rules
from privacy import audit, pieces


def plain(sent):
    """Return [(file name, bytes)] as they are kept (calls.files). Raises Invalid."""
    if error := rules.why_not_attach(0, len(sent)):
        raise error
    return [files.plain(rules.EVIDENCE, one)[:2] for one in sent]


def keep(award, sent, by, now):
    """Keep what `plain` returned for an award whose row is held; returns the new AwardFiles. Raises Invalid."""
    made = []
    for name, data in sent:
        about = {"award": award, "kind": files.kind_of(data), "added_at": now}
        row, is_new = pieces.keep_once(award.files.all(), (name, data), **about)
        made += [row] if is_new else []
    if error := rules.why_not_attach(award.files.count(), 0):
        raise error
    if made:
        audit.record("honours.attach_evidence", award, by=by, at=now, count=len(made))
    return made
