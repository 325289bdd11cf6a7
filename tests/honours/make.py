"""Honours as the tests need them."""

from datetime import date, timedelta

from calls import operations as calling
from honours import operations
from honours.models import Award, Honour, Recommendation
from tests import factories
from tests.calls import make

NOW, DAY = factories.NOW, timedelta(days=1)
PDF = make.PDF
DISTRICT, CITY, POST = "inspiring_striver", "red_banner_holder", "model_post"


def honour(code=DISTRICT):
    """Return an honour of the catalogue the portal starts with."""
    return Honour.objects.get(code=code)


def facts(talent=None, **fields):
    """Return what staff write of an award."""
    start = {
        "recipient": talent.full_name if talent else "林静",
        "granted_on": date(2026, 3, 6),
        "granted_by": "两江新区妇联",
        "document_number": "两江妇〔2026〕3号",
    }
    return start | fields


def award(talent=None, code=DISTRICT, now=NOW, **fields):
    """Return an honour registered by staff, of the women's federation."""
    talent = talent or factories.talent(full_name="林静", unit=factories.unit())
    return operations.grant_award(
        talent=talent, honour=honour(code), values=facts(talent, **fields), by=None, now=now
    )


def proof(one=None, now=NOW):
    """Return a file that proves an award."""
    sent = [("表彰文件.pdf", PDF)]
    about = {"award": one or award(), "files": sent, "by": None, "now": now}
    return operations.attach_evidence(**about)[0]


def fresh(row):
    """Return a row as it is stored."""
    return type(row).objects.get(pk=row.pk)


def revoked(one=None, now=NOW):
    """Return an award that was revoked."""
    one = one or award()
    return operations.revoke_award(award=one, reason="经核实材料有误", by=None, now=now)


def recommendation(one=None, now=NOW):
    """Return a recommendation for the city's honour that was sent."""
    return operations.recommend(
        award=one or award(),
        honour=honour(CITY),
        sent_to="重庆市妇联",
        sent_on=date(2026, 3, 6),
        by=None,
        now=now,
    )


def concluded(code=DISTRICT, results=("awarded",), now=NOW, begin=None, leads=True):
    """Return a call that leads to an honour and whose results were told at `now`, and its applications."""
    begin = begin or now - 20 * DAY
    call = make.call(begin)
    if leads:
        operations.set_call_honour(call=call, honour=honour(code), by=None, now=begin)
    rows = []
    for number, result in enumerate(results):
        woman = factories.talent(full_name=f"林{'甲乙丙丁'[number]}", unit=factories.unit())
        row = make.accepted(call, woman, begin)
        calling.decide_application(application=row, result=result, by=None, now=now)
        rows.append(row)
    calling.conclude_call(call=make.close(call, now), by=None, now=now)
    return call, [fresh(row) for row in rows]


def only():
    """Return the one award there is."""
    return Award.objects.get()


def put_forward():
    """Return the one recommendation there is."""
    return Recommendation.objects.get()


def put_forward_newest():
    """Return the newest recommendation."""
    return Recommendation.objects.latest("pk")
