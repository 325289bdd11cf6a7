"""Files that prove an entry and are something else besides: nothing of them runs where they are fetched."""

import io
import zipfile

from django.urls import reverse
from PIL import Image

from talents.models import CareerEntry
from tools.attack import world
from tools.attack.cases import Outcome, case

SCRIPT = b"<html><body><script>document.title='attacked'</script></body></html>"


def picture():
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


def archive():
    """Return a ZIP that holds a page."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", SCRIPT)
    return out.getvalue()


def of_two_kinds():
    """Return {file name: bytes} of files that are two kinds at once."""
    small = picture()
    return {
        "论文.pdf": b"%PDF-1.7\n" + SCRIPT + b"\n%%EOF",
        "论文.html": b"%PDF-1.7\n" + SCRIPT,
        "论文.pdf.exe": b"%PDF-1.7\n%%EOF\n" + archive(),
        "证书.png": small + archive(),
        "证书.svg": small + SCRIPT,
    }


def kept(port, browser, name, data):
    """Send a file with a new entry; return the answer to whoever fetches it, None where it was refused."""
    newest = CareerEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    values = {"sort": "paper", "name": "一篇论文", "began": "2024"}
    browser.post(reverse("career_add", args=["achievement"]), values, files={"file": (name, data)})
    entry = CareerEntry.objects.filter(pk__gt=newest, evidence__isnull=False).first()
    return entry and browser.get(reverse("career_evidence", args=[entry.pk]))


def wrong_with(answer):
    """Return what would let a browser run, or a program unpack, what was fetched; "" for nothing."""
    kind = answer.header("content-type")
    if not answer.header("content-disposition").startswith("attachment"):
        return "shown in the page"
    if answer.header("x-content-type-options") != "nosniff":
        return "its kind is guessed"
    if kind not in ("application/pdf", "image/png", "image/jpeg"):
        return kind
    if kind == "application/pdf":
        return ""
    return "the archive is still in it" if is_archive(answer.body) or SCRIPT in answer.body else ""


def is_archive(data):
    """Tell whether these bytes open as a ZIP."""
    return zipfile.is_zipfile(io.BytesIO(data))


@case
def proofs_of_two_kinds(attack):
    """Prove an entry with PDF and page, picture and archive in one: fetched as what it says, pictures made anew."""
    browser = world.browser(attack.port, world.woman().user)
    files = of_two_kinds()
    fetched = [kept(attack.port, browser, name, data) for name, data in files.items()]
    wrong = [said for answer in fetched if answer and (said := wrong_with(answer))]
    taken = sum(answer is not None for answer in fetched)
    figure = f"{taken} kept, {len(files) - taken} refused, {', '.join(wrong) or 'nothing runs'}"
    return Outcome(len(files), bool(wrong) or taken == 0, figure)


@proofs_of_two_kinds.control
def _(attack):
    files = of_two_kinds()
    both = sum(is_archive(data) or SCRIPT in data for data in files.values())
    return Outcome(len(files), both == len(files), f"as they were sent: {both} are two kinds")
