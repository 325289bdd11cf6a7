"""Common reasons for which a record goes back: kept as codes, said in the language of who reads them."""

from django.utils.translation import gettext_lazy as _

from kernel.words import clauses

COMMON = {
    "title_in_full": _("请补充职称证书上的职称全称"),
    "unit_in_full": _("单位名称请写全称，与单位公章一致"),
    "number_and_name": _("姓名与身份证号不一致，请核对"),
    "education": _("请补充最高学历和毕业院校"),
    "research": _("请补充主要研究方向"),
}


def words(codes, text):
    """Return chosen reasons and the clerk's own words as one sentence without its full stop."""
    said = [str(COMMON[code]) for code in codes if code in COMMON]
    return clauses(filter(None, [*said, text.strip().rstrip("。.；;")]))
