"""The page all themes begin from."""

from dataclasses import dataclass
from typing import Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from kernel.public_pages import public_page


@dataclass(frozen=True)
class Door:
    """One theme: what a woman finds there, and the page she goes on to."""

    icon: str
    title: Any
    line: Any
    step: Any
    view: str

    @property
    def href(self):
        """Return the address of the next step, in the reader's language."""
        return reverse(self.view)


# In the order she needs them.
DOORS = (
    Door(
        "rocket",
        _("我的创业项目"),
        _("有了构想就登记。创始人、阶段、信用代码填一次，申报和办事时自动带入。"),
        _("登记或看我的项目"),
        "my_ventures",
    ),
    Door(
        "file-text",
        _("创业计划和留创计划"),
        _("先对照条件自查，再在线申报；没入选的，告诉您原因和下一个机会。"),
        _("对照条件，看能申报的"),
        "plans",
    ),
    Door(
        "graduation-cap",
        _("培训和辅导"),
        _("创业辅导、创新管理、智能科技、金融服务，线上线下的学时都记在您名下，结业有证书。"),
        _("看现在的培训"),
        "programmes",
    ),
    Door(
        "landmark",
        _("创业金融"),
        _("条件、额度、利率写明白，核实过的才列出；我们只介绍和跟进，不打分、不收费。"),
        _("看金融产品"),
        "finance_products",
    ),
    Door(
        "building-2",
        _("创新创业基地"),
        _(
            "自主创新示范区、双创基地、离岸基地、留创园、博创园、欧美同学会，有什么服务、给谁、多少钱。"
        ),
        _("看基地能做什么"),
        "bases",
    ),
    Door(
        "lightbulb",
        _("成果转化"),
        _("发布成果和需求，双方都愿意才交换联系方式，从保密协议一直跟到合同。"),
        _("看成果和需求"),
        "transfers",
    ),
)


@public_page
@require_safe
def innovation(request):
    """Show what a woman with an idea finds here, each with its next step."""
    return render(request, "entrepreneurship/innovation.html", {"doors": DOORS})
