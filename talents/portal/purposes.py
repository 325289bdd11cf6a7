"""What a woman agrees to, in the words she reads (privacy.purposes)."""

from django.utils.translation import gettext_lazy as _

from privacy.purposes import Purpose
from talents.asking.rules import ASKING
from talents.models import IDENTITY_NUMBER, TALENT_DATABASE, UNIT_SHARING
from talents.public.operations import PUBLIC_PAGE

PURPOSES = (
    Purpose(
        TALENT_DATABASE,
        10,
        _("将我的档案存入两江新区女性科技人才数据库"),
        "2026-11",
        _("姓名、出生年月、单位、职务职称、学历、学科行业、研究方向、海外学习经历"),
        _("用于人才审核、政策服务与统计分析，由您的所属部门查看。"),
        _("撤回后，您的档案不再用于人才库，须入库才能办理的事项也无法再办理；已经办完的不受影响。"),
        at_signup=True,
    ),
    Purpose(
        IDENTITY_NUMBER,
        20,
        _("收集并核对我的身份证号（敏感个人信息，单独同意）"),
        "2026-11",
        _("身份证号（加密保存，页面只显示首尾各四位）"),
        _("仅用于核对身份、避免重复建档；查看完整号码须填写理由并留痕。"),
        _("撤回后，我们不再使用您的身份证号；需要核对身份的事项可能无法办理。"),
        sensitive=True,
    ),
    Purpose(
        PUBLIC_PAGE,
        45,
        _("在公开主页上展示我选择的内容"),
        "2026-11",
        _("您在“公开主页”逐项选择的内容"),
        _("让合作方、媒体和同行了解您；默认不公开，公开前可以预览。"),
        _("撤回后，公开主页立即不可访问；别人此前已看到、转载的内容无法收回。"),
    ),
    Purpose(
        ASKING,
        46,
        _("让其他部门邀请我时能找到我"),
        "2026-11",
        _("姓名、职称、单位、学科行业和研究方向（不含联系方式）"),
        _("除了负责您档案的部门，其他部门请人咨询、宣讲时也能看到这几项并邀请您。"),
        _("撤回后，其他部门马上找不到您；已经发出的邀请照旧，由您答复。"),
    ),
    Purpose(
        UNIT_SHARING,
        30,
        _("向我的工作单位提供我的姓名、职称与研究方向"),
        "2026-11",
        _("姓名、职称、研究方向（不含联系方式）"),
        _("让您的工作单位了解本单位入库人才情况，便于推荐与支持。"),
        _("撤回后，您的单位不能再查询到您；此前已取得的信息由单位依法处理。"),
        at_signup=True,
    ),
)
