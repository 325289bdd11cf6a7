"""What she agrees to, and how long what is kept of her is kept."""

from django.utils.translation import gettext_lazy as _

from events import personal_data
from events.models import VERSIONS_KEPT
from events.operations import photos
from kernel.retention import Keep, Retention
from privacy.purposes import Purpose

PURPOSES = (
    Purpose(
        photos.PURPOSES["site"],
        46,
        _("在活动页面展示有我的照片（每场活动单独选择）"),
        "2026-11",
        _("活动现场拍到您的照片；由工作人员注明照片里有您"),
        _("让大家看到活动的样子。不同意不影响参加。"),
        _("撤回后，有您的照片马上从活动页面撤下；别人此前已保存、转载的无法收回。"),
        each="my_bookings",
    ),
    Purpose(
        photos.PURPOSES["press"],
        47,
        _("供媒体报道使用有我的照片（每场活动单独选择）"),
        "2026-11",
        _("活动现场拍到您的照片"),
        _("供媒体报道活动时使用。不同意不影响参加。"),
        _("撤回后，媒体不能再下载有您的照片；已经刊登的无法收回。"),
        each="my_bookings",
    ),
)

RETENTION = (
    Retention(
        29,
        "events.photos",
        _("有人物的活动照片"),
        Keep(years=1),
        _("自活动结束起算，之后删除"),
        personal_data.old_photos,
        personal_data.drop_photos,
    ),
    Retention(
        30,
        "events.bookings",
        _("活动报名"),
        Keep(years=1),
        _("自活动结束起算，之后只留统计数"),
        personal_data.old_bookings,
        personal_data.keep_totals,
    ),
    Retention(
        31,
        "events.invitations",
        _("活动邀请"),
        Keep(years=1),
        _("自活动结束起算"),
        personal_data.old_invitations,
        personal_data.drop_invitations,
    ),
    Retention(
        32,
        "events.feedback",
        _("活动反馈的文字"),
        Keep(years=1),
        _("自活动结束起算，之后只留分数"),
        personal_data.old_feedback,
        personal_data.drop_words,
    ),
    Retention(
        33,
        "events.certificates",
        _("活动证书"),
        Keep(years=10),
        _("自签发起算，之后删除，不能再核验"),
        personal_data.old_certificates,
        personal_data.drop_certificates,
    ),
    Retention(
        34,
        "events.material_versions",
        _("活动资料的旧版本"),
        Keep(days=VERSIONS_KEPT.days),
        _("自替换起算，之后删除"),
        personal_data.old_versions,
    ),
    Retention(
        35,
        "events.withdrawn_materials",
        _("撤下的活动资料"),
        Keep(days=180),
        _("自撤下起算，之后删除"),
        personal_data.old_materials,
    ),
    Retention(
        36,
        "events.names",
        _("单位推荐参加活动的名单和答复"),
        Keep(days=30),
        _("自提交起算，之后删除"),
        personal_data.old_names,
    ),
)
