"""What of her venture a text of a call's form may begin with: typed once, carried on."""

from django.utils.translation import gettext_lazy as _

from entrepreneurship.ventures.models import Venture, VentureFounder
from kernel.portal import Prefill


def venture_of(talent):
    """Return the venture that speaks for a woman: the newest that runs and of which she confirmed she is a founder."""
    hers = VentureFounder.objects.confirmed().filter(talent=talent)
    rows = Venture.objects.running().known().filter(pk__in=hers.values("venture"))
    return rows.select_related("base").order_by("-pk").first()


def _said(name):
    def text(talent):
        venture = venture_of(talent)
        return str(getattr(venture, name) or "") if venture else ""

    return text


def _industry(talent):
    venture = venture_of(talent)
    return str(venture.get_industry_display()) if venture else ""


def _stage(talent):
    venture = venture_of(talent)
    return str(venture.get_stage_display()) if venture else ""


PREFILLS = {
    "venture_name": Prefill(_("创业项目：名称"), _said("name")),
    "venture_summary": Prefill(_("创业项目：做什么"), _said("summary")),
    "venture_uscc": Prefill(_("创业项目：统一社会信用代码"), _said("uscc")),
    "venture_industry": Prefill(_("创业项目：行业"), _industry),
    "venture_stage": Prefill(_("创业项目：阶段"), _stage),
    "venture_base": Prefill(_("创业项目：所在基地"), _said("base")),
}
