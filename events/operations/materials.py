"""Materials of an event: added, described, put in order, replaced, taken down, fetched."""

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters, rules
from events.models import Material, MaterialFile
from events.operations.locking import lock_event
from kernel import content, uploads
from kernel.days import DAY, begin, within
from kernel.errors import Invalid
from privacy import audit, pieces
from talents.career import files

DESCRIBED = ("title", "language", "audience", "session", "link")


@transaction.atomic
def add_materials(*, event, sent, by, now, audience="seated", language="", session=None):
    """Put files to an event, or to one of its sessions, behind those it has; returns the Materials, in their order.

    A file it has already is not added again: a button pressed twice adds once.

    Arguments:
        sent: [(file name, bytes)]; each is called after its file. Pictures are made anew.
        audience: of events.models.Audience; language: of MaterialLanguage, or "".

    Raises Refused, Conflict for a cancelled event or too many, Invalid at `sent` for none, for what is too large or
    of a type nobody may send: then none is added.
    """
    if error := rules.why_not_keep_materials(event, by):
        raise error
    if not sent:
        raise Invalid("files_missing", _("请选择要上传的文件。"), field="sent")
    plain = _plain(sent)  # before the lock: pictures take a while
    event = _locked(event, by, len(plain))
    told = {"audience": audience, "language": language, "session": _own(session, event)}
    added = []
    for name, data in plain:
        if material := _same(event, name, data):
            added.append(material)
            continue
        material = _add(event, by, now, title=_title(name), **told)
        _keep_file(material, name, data, 1, now)
        added.append(material)
    _tell_who_came(event, added, now)
    return added


@transaction.atomic
def add_material_link(*, event, title, link, by, now, audience="seated", language="", session=None):
    """Put a link to an event (of a recording that lies elsewhere); returns the Material.

    Raises Refused, Conflict for a cancelled event or too many, Invalid for no title or a link that is none.
    """
    event = _locked(event, by, 1)
    link = (link or "").strip()
    if error := rules.why_not_material_link(link):
        raise error
    told = {"audience": audience, "language": language, "session": _own(session, event)}
    material = _add(event, by, now, title=_tidy(title), link=link, **told)
    _tell_who_came(event, [material], now)
    return material


@transaction.atomic
def edit_material(*, material, changes, by, now):
    """Change what is said of a material and who may read it ({name of DESCRIBED: value}); returns it.

    Raises Refused, Conflict for a cancelled event, Invalid for no title or a link that is none.
    """
    material = _locked_material(material, by)
    if "title" in changes:
        changes = changes | {"title": _tidy(changes["title"])}
    if "session" in changes:
        changes = changes | {"session": _own(changes["session"], material.event)}
    if not material.link:
        changes = {name: value for name, value in changes.items() if name != "link"}
    elif "link" in changes and (error := rules.why_not_material_link(changes["link"])):
        raise error
    changed = [name for name in DESCRIBED if _differs(material, name, changes)]
    for name in changed:
        setattr(material, name, changes[name])
    if changed:
        material.save(update_fields=changed)
        audit.record("events.edit_material", material, by=by, at=now, fields=changed)
    return material


@transaction.atomic
def move_material(*, material, up, by, now):
    """Let a material change places with the one before it (`up`), or behind; at the end nothing moves. Returns it.

    Raises Refused, Conflict for a cancelled event.
    """
    material = _locked_material(material, by)
    rows = material.event.materials.standing()
    if up:
        other = rows.filter(order__lt=material.order).order_by("-order").first()
    else:
        other = rows.filter(order__gt=material.order).order_by("order").first()
    if other:
        material.order, other.order = other.order, material.order
        material.save(update_fields=["order"])
        other.save(update_fields=["order"])
        audit.record("events.move_material", material, by=by, at=now)
    return material


@transaction.atomic
def replace_material(*, material, sent, by, now):
    """Put a new version (file name, bytes) in the place of a material's file; the old one is kept for VERSIONS_KEPT.

    Raises Refused, Conflict for a cancelled event or a link, Invalid at `sent` as add_materials. Returns the Material.
    """
    if error := rules.why_not_keep_materials(material.event, by):
        raise error
    ((name, data),) = _plain([sent])
    material = _locked_material(material, by)
    if error := rules.why_not_replace(material):
        raise error
    number = material.files.aggregate(n=Max("number", default=0))["n"] + 1
    material.files.filter(replaced_at=None).update(replaced_at=now)
    _keep_file(material, name, data, number, now)
    content.touch()  # pages say its size
    audit.record("events.replace_material", material, by=by, at=now, version=number)
    return material


@transaction.atomic
def restore_material_file(*, version, by, now):
    """Show an earlier version (MaterialFile) of a material again; the one that was shown is kept in its stead.

    Raises Refused, Conflict for a cancelled event or the version that is shown. Returns the Material.
    """
    material = _locked_material(version.material, by)
    version = material.files.get(pk=version.pk)
    if error := rules.why_not_restore(version):
        raise error
    material.files.filter(replaced_at=None).update(replaced_at=now)
    material.files.filter(pk=version.pk).update(replaced_at=None)
    content.touch()
    audit.record("events.restore_material_file", material, by=by, at=now, version=version.number)
    return material


@transaction.atomic
def withdraw_material(*, material, by, now):
    """Take a material down: nobody but staff reads it, its address says so. Twice does nothing twice. Returns it.

    Undone by show_material. Raises Refused, Conflict for a cancelled event.
    """
    material = _locked_material(material, by)
    if not material.is_withdrawn:
        material.withdrawn_at = now
        material.save(update_fields=["withdrawn_at"])
        audit.record("events.withdraw_material", material, by=by, at=now)
        _take_news_back(material, now)
    return material


@transaction.atomic
def show_material(*, material, by, now):
    """Show a material again that was taken down. Twice does nothing twice. Returns it.

    Raises Refused, Conflict for a cancelled event.
    """
    material = _locked_material(material, by)
    if material.is_withdrawn:
        material.withdrawn_at = None
        material.save(update_fields=["withdrawn_at"])
        audit.record("events.show_material", material, by=by, at=now)
    return material


def read_material(*, material, by, now, counted=True):
    """Return (file name, bytes) of a material for its reader `by` (a User, signed in or not), and count that it was fetched.

    Counted is how often, not by whom; staff who run the event are not counted, nor who only asks what it is (a HEAD:
    not `counted`). Raises what rules.why_not_read_material returns, Conflict for a link.
    """
    reader = rules.reader_of(material.event, by)
    if error := rules.why_not_read(material, reader, now):
        raise error
    file = material.file
    if file is None:
        raise Invalid("is_link", _("这份资料是一个链接，请在活动页面打开。"))
    if counted and not reader.runs:
        Material.objects.filter(pk=material.pk).update(downloads=F("downloads") + 1)
    return file.file_name, pieces.read(file.pieces)


def copy_materials(event, copy, by, now):
    """Give the copy of an event the materials that stand, as they are now; sessions are told apart by their titles."""
    sessions = {session.title: session for session in copy.sessions.all()}
    for one in event.materials.shown():
        told = {name: getattr(one, name) for name in ("title", "language", "audience", "link")}
        session = one.session and sessions.get(one.session.title)
        material = _add(copy, by, now, session=session, **told)
        if one.file:
            _keep_file(material, one.file.file_name, pieces.read(one.file.pieces), 1, now)


def _locked(event, by, count):
    event = lock_event(event, rules.why_not_keep_materials, by)
    if error := rules.why_not_more_materials(event, count):
        raise error
    return event


def _locked_material(material, by):
    """Return a material as it stands, its event locked."""
    event = lock_event(material.event, rules.why_not_keep_materials, by)
    material = Material.objects.select_related("session").get(pk=material.pk)
    material.event = event
    return material


def _plain(sent):
    """Return [(file name, bytes)] as they are kept. Raises Invalid at `sent`, which names the file."""
    if sum(len(data) for _name, data in sent) >= uploads.LONGEST:
        sentence = _("一次上传的文件合计不能超过 12 MB，请分几次上传。")
        raise Invalid("files_too_large", sentence, field="sent")
    return [_plain_one(name, data) for name, data in sent]


def _plain_one(name, data):
    try:
        _name, made = files.plain((name, data))
    except Invalid as error:
        sentence = _("“%(name)s”：%(why)s") % {"name": name[:60], "why": error}
        raise Invalid(error.code, sentence, field="sent") from error
    return files.tidy_name(name, files.kind_of(made)), made


def _same(event, name, data):
    """Return the Material of the event whose file is this one already, or None."""
    alike = MaterialFile.objects.filter(
        material__in=event.materials.standing(), replaced_at=None, file_name=name, size=len(data)
    )
    return next((file.material for file in alike if pieces.is_kept(file.pieces, data)), None)


def _keep_file(material, name, data, number, now):
    file = MaterialFile.objects.create(
        material=material,
        number=number,
        file_name=name,
        kind=files.kind_of(data),
        size=len(data),
        added_at=now,
    )
    pieces.keep(file.pieces, data)


def _add(event, by, now, **told):
    last = event.materials.aggregate(n=Max("order", default=0))["n"]
    material = Material.objects.create(event=event, order=last + 1, added_at=now, **told)
    audit.record("events.add_material", material, by=by, at=now)
    return material


def _of_day(event, day):
    return event.materials.filter(**within("added_at", begin(day), begin(day + DAY)))


def _tell_who_came(event, added, now):
    """Tell those who came, in the morning, of what was `added` since they were thanked: once for all of a day.

    The notice is about the first that stands of a day: one put up after another was taken down is told as well.
    """
    if event.settled_at is None or now >= event.ends_at + rules.NEWS_FOR:
        return
    todays = _of_day(event, timezone.localdate(now)).standing()
    if todays.exclude(pk__in=[material.pk for material in added]).exists():
        return
    came = event.bookings.came().select_related("talent__user")
    letters.send([letters.material_added(booking, event, added[0], now) for booking in came], now)


def _take_news_back(material, now):
    """Where nothing that was put up on a day stands any more, do not tell of it."""
    event, day = material.event, timezone.localdate(material.added_at)
    todays = _of_day(event, day)
    if event.settled_at and not todays.standing().exists():
        came = event.bookings.came().select_related("talent")
        letters.withdraw_material_added(came, todays.values_list("pk", flat=True), now)


def _own(session, event):
    """Return the session where it is one of the event's, else None: an id in a form proves nothing."""
    return session if session and session.event_id == event.pk else None


def _title(file_name):
    return file_name.rpartition(".")[0].strip()[:80]


def _tidy(title):
    title = " ".join((title or "").split())[:80]
    if not title:
        raise Invalid("title_missing", _("请填写标题，让人一眼知道是什么。"), field="title")
    return title


def _differs(material, name, changes):
    return name in changes and getattr(material, name) != changes[name]
