import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import events.models.materials
import events.models.spans
import kernel.certificates
import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("care_points", "0001_initial"),
        ("talents", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Booking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="签到码",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "待审核"),
                            ("waitlisted", "候补中"),
                            ("offered", "席位待确认"),
                            ("confirmed", "已报名"),
                            ("attended", "已到场"),
                            ("absent", "未到场"),
                            ("excused", "已请假"),
                            ("refused", "未通过"),
                            ("declined", "已放弃席位"),
                            ("expired", "逾期未确认"),
                            ("handed_on", "已转让"),
                            ("cancelled", "已取消"),
                            ("called_off", "活动已取消"),
                        ],
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("place", models.PositiveIntegerField(verbose_name="顺序号")),
                (
                    "idempotency_key",
                    models.CharField(blank=True, editable=False, max_length=40, null=True),
                ),
                ("booked_at", models.DateTimeField(verbose_name="报名时间")),
                ("wants_track", models.BooleanField(default=False, verbose_name="参加女性专场")),
                ("children", models.PositiveSmallIntegerField(default=0, verbose_name="随行孩子")),
                (
                    "childcare",
                    models.CharField(
                        blank=True,
                        choices=[("waiting", "排队中"), ("given", "已安排")],
                        max_length=10,
                        verbose_name="儿童托管",
                    ),
                ),
                (
                    "promoted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="候补转正时间"),
                ),
                (
                    "offer_ends_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="席位保留到"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "absence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("family", "家里临时有事"),
                            ("work", "工作或实验走不开"),
                            ("travel", "天气或交通原因"),
                            ("other", "其他临时情况"),
                        ],
                        max_length=10,
                        verbose_name="没有到场的原因",
                    ),
                ),
                (
                    "checked_in_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="签到时间"),
                ),
                ("check_ins", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "checked_in_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签到人",
                    ),
                ),
                (
                    "earned",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="care_points.transfer",
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="推荐单位",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bookings",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名",
                "verbose_name_plural": "报名",
                "ordering": ["-id"],
                "permissions": [
                    ("check_in_booking", "可以为活动签到"),
                    ("export_booking", "可以导出签到名单"),
                ],
                "indexes": [
                    models.Index(fields=["talent", "-id"], name="booking_talent"),
                    models.Index(
                        condition=models.Q(("state", "offered")),
                        fields=["offer_ends_at"],
                        name="booking_offer",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("talent", "idempotency_key"), name="booking_key_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                (
                                    "state__in",
                                    [
                                        "refused",
                                        "declined",
                                        "expired",
                                        "handed_on",
                                        "cancelled",
                                        "called_off",
                                    ],
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        [
                                            "refused",
                                            "declined",
                                            "expired",
                                            "handed_on",
                                            "cancelled",
                                            "called_off",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="booking_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("children__gte", 0), ("children__lte", 4)),
                        name="booking_children_0_to_4",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("childcare", ""), ("children__gte", 1), _connector="OR"
                        ),
                        name="booking_childcare_has_children",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("offer_ends_at__isnull", False), ("state", "offered")),
                            models.Q(
                                models.Q(("state", "offered"), _negated=True),
                                ("offer_ends_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="booking_offer_has_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checked_in_at__isnull", False), ("state", "attended")),
                            models.Q(
                                models.Q(("state", "attended"), _negated=True),
                                ("checked_in_at__isnull", True),
                                ("checked_in_by__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="booking_attended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="活动编号",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="活动名称")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("salon", "沙龙"),
                            ("forum", "论坛"),
                            ("round_table", "座谈会"),
                            ("seminar", "专题研修班"),
                            ("academic_exchange", "学术交流"),
                            ("training", "创业培训"),
                            ("talk", "宣讲"),
                            ("wellbeing", "身心关爱"),
                            ("campus_visit", "女科学家进校园"),
                        ],
                        max_length=20,
                        verbose_name="活动类型",
                    ),
                ),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("talent_gathering", "两江英才荟"),
                            ("innovation_forum", "智汇两江创新论坛"),
                            ("enterprise_forum", "企业发展论坛"),
                            ("mingyue_lake", "明月湖协同创新投资联盟"),
                        ],
                        max_length=20,
                        verbose_name="依托平台",
                    ),
                ),
                ("womens_track", models.BooleanField(default=False, verbose_name="女性议题或专场")),
                (
                    "measure",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="对应措施",
                    ),
                ),
                ("summary", models.CharField(max_length=120, verbose_name="一句话介绍")),
                ("body", models.TextField(blank=True, verbose_name="活动详情")),
                (
                    "audience",
                    models.CharField(
                        blank=True,
                        help_text="如：从事集成电路研发的女性科技人才",
                        max_length=120,
                        verbose_name="适合谁参加",
                    ),
                ),
                (
                    "disciplines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        help_text="便于按学科找活动，不限制谁能报名",
                        size=None,
                        verbose_name="涉及学科",
                    ),
                ),
                (
                    "cooperation_region",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("one_zone_two_clusters", "一区两群"),
                            ("chengdu_chongqing", "成渝双城经济圈"),
                            ("yangtze_river", "长江经济带"),
                            ("belt_and_road", "一带一路"),
                        ],
                        max_length=30,
                        verbose_name="合作区域",
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                ),
                (
                    "contact_phone",
                    models.CharField(
                        blank=True,
                        help_text="公开显示，请填办公电话",
                        max_length=30,
                        verbose_name="联系电话",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("on_site", "现场"), ("online", "线上"), ("both", "现场和线上")],
                        default="on_site",
                        max_length=10,
                        verbose_name="举办形式",
                    ),
                ),
                ("venue", models.CharField(blank=True, max_length=60, verbose_name="地点")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="详细地址")),
                (
                    "online_url",
                    models.CharField(
                        blank=True,
                        help_text="以 https:// 开头；只有已报名的人能看到",
                        max_length=200,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="线上链接",
                    ),
                ),
                (
                    "accessibility",
                    models.CharField(
                        blank=True,
                        help_text="如：一楼会场，轮椅可直达；配手语翻译。有特殊需要的人据此判断能否参加",
                        max_length=200,
                        verbose_name="无障碍条件",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                (
                    "booking_opens_at",
                    models.DateTimeField(
                        blank=True, help_text="留空：发布后即可报名", verbose_name="报名开始"
                    ),
                ),
                (
                    "booking_closes_at",
                    models.DateTimeField(
                        blank=True, help_text="留空：活动开始时截止", verbose_name="报名截止"
                    ),
                ),
                (
                    "capacity",
                    models.PositiveIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100000),
                        ],
                        verbose_name="席位",
                    ),
                ),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("public", "公开"),
                            ("talents", "仅入库人才可见"),
                            ("invited", "仅受邀人可见"),
                        ],
                        default="public",
                        help_text="不公开的活动不出现在列表、日历、接口和搜索引擎里",
                        max_length=10,
                        verbose_name="谁能看到和报名",
                    ),
                ),
                (
                    "for_tiers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        help_text="不选则不限",
                        size=None,
                        verbose_name="限人才层次",
                    ),
                ),
                (
                    "for_disciplines",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=4),
                        blank=True,
                        default=list,
                        help_text="不选则不限；以档案中的学科为准",
                        size=None,
                        verbose_name="限学科",
                    ),
                ),
                (
                    "guests_women",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="库外来宾（女）"
                    ),
                ),
                (
                    "guests_men",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="库外来宾（男）"
                    ),
                ),
                (
                    "childcare_places",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=0,
                        help_text="能照看几个孩子；0 表示不提供。报名时由她填写孩子人数",
                        validators=[django.core.validators.MaxValueValidator(1000)],
                        verbose_name="儿童托管名额",
                    ),
                ),
                (
                    "takes_photos",
                    models.BooleanField(
                        default=False,
                        help_text="报名时询问是否愿意出现在照片里；敏感主题的活动不拍照展示",
                        verbose_name="现场拍照",
                    ),
                ),
                (
                    "transfers_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="此前可以把席位转给同事；留空：报名截止时截止",
                        null=True,
                        verbose_name="转让截止",
                    ),
                ),
                (
                    "for_units",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="每行一个单位名称，不填则不限；以档案中的单位为准",
                        size=None,
                        verbose_name="限单位",
                    ),
                ),
                (
                    "needs_approval",
                    models.BooleanField(
                        default=False,
                        help_text="由工作人员逐个通过后才有席位，按报名先后排列",
                        verbose_name="报名需审核",
                    ),
                ),
                (
                    "offer_hours",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "不用确认，直接转为已报名"),
                            (2, "2 小时"),
                            (12, "12 小时"),
                            (24, "24 小时"),
                            (48, "48 小时"),
                        ],
                        default=0,
                        help_text="空出的席位先为候补的第一位保留这么久，请她确认；夜里到期的顺延到早上 9 点",
                        verbose_name="递补席位保留时间",
                    ),
                ),
                (
                    "co_organisers",
                    models.CharField(
                        blank=True,
                        help_text="几家之间用“、”隔开",
                        max_length=120,
                        verbose_name="协办单位",
                    ),
                ),
                (
                    "sensitive_topic",
                    models.BooleanField(
                        default=False,
                        help_text="健康、法律等主题：报名名单只有负责人本人可以查看",
                        verbose_name="敏感主题",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("published", "已发布"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="取消原因"),
                ),
                ("created_at", models.DateTimeField(verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
                ),
                (
                    "cancelled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="取消时间"),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="到场情况核定时间"
                    ),
                ),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("seat_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("schedule_version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "reminded",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "seats_taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="已报名"),
                ),
                (
                    "waiting",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="候补人数"),
                ),
                ("last_place", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "kept",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="保留未用"),
                ),
                ("pooled", models.BooleanField(default=False, editable=False)),
                (
                    "childcare_taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="已托管"),
                ),
                ("attended_kept", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="accounts.department",
                        verbose_name="主办部门",
                    ),
                ),
                (
                    "organiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="负责人",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_events",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="辅导人",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动",
                "verbose_name_plural": "活动",
                "ordering": ["-starts_at", "-id"],
                "permissions": [("publish_event", "可以发布和取消活动")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["starts_at", "id"],
                        name="event_public",
                    ),
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["kind", "starts_at", "id"],
                        name="event_public_kind",
                    ),
                    models.Index(
                        condition=models.Q(("state", "published")),
                        fields=["ends_at"],
                        name="event_public_end",
                    ),
                    models.Index(
                        condition=models.Q(("state", "draft"), _negated=True),
                        fields=["starts_at", "code"],
                        name="event_api",
                    ),
                    models.Index(
                        fields=["department", "-starts_at", "-id"], name="event_department"
                    ),
                    models.Index(fields=["state", "-starts_at", "-id"], name="event_state"),
                    models.Index(
                        condition=models.Q(("leader__isnull", False)),
                        fields=["leader", "-starts_at", "-id"],
                        name="event_leader",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="event_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("booking_closes_at__gt", models.F("booking_opens_at"))),
                        name="event_booking_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("booking_closes_at__lte", models.F("starts_at"))),
                        name="event_booking_ends_by_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__gte", 1)), name="event_has_seats"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "seats_taken__lte",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("capacity"), "-", models.F("kept")
                                        ),
                                        "-",
                                        models.F("guests_women"),
                                    ),
                                    "-",
                                    models.F("guests_men"),
                                ),
                            )
                        ),
                        name="event_not_oversold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("childcare_taken__lte", models.F("childcare_places"))),
                        name="event_childcare_not_oversold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("measure__gte", 1), ("measure__lte", 10)),
                        name="event_measure_1_to_10",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("leader__isnull", False), ("state", "published")),
                        expressions=[
                            ("leader", "="),
                            (events.models.spans.Span("starts_at", "ends_at"), "&&"),
                        ],
                        name="event_leader_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="event_published_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(
                                ("cancelled_at__isnull", False),
                                models.Q(("cancel_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="event_cancelled_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeedbackGiven",
            fields=[
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="feedback_given",
                        serialize=False,
                        to="events.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "已给反馈",
                "verbose_name_plural": "已给反馈",
            },
        ),
        migrations.CreateModel(
            name="CalendarLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="启用时间")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_link",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "日历订阅",
                "verbose_name_plural": "日历订阅",
            },
        ),
        migrations.CreateModel(
            name="CodeWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=20, verbose_name="口令")),
                ("set_at", models.DateTimeField(verbose_name="设定时间")),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="code_word",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "口令",
                "verbose_name_plural": "口令",
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="event",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="events.event",
                verbose_name="活动",
            ),
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=events.models.materials.new_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("zh", "中文"), ("en", "英文"), ("both", "中英双语")],
                        max_length=4,
                        verbose_name="语言",
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("everybody", "所有人"),
                            ("seated", "报名成功的人"),
                            ("came", "到场的人"),
                        ],
                        default="seated",
                        max_length=10,
                        verbose_name="谁能看",
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        validators=[django.core.validators.URLValidator(schemes=["https"])],
                        verbose_name="链接",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "downloads",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="下载次数"),
                ),
                ("added_at", models.DateTimeField(verbose_name="添加时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤下时间"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="materials",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动资料",
                "verbose_name_plural": "活动资料",
                "ordering": ["order", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("event", "order"),
                        name="material_order_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("link", ""), ("link__startswith", "https://"), _connector="OR"
                        ),
                        name="material_link_is_https",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "replaced_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="替换时间"),
                ),
                (
                    "material",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="events.material",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动资料的版本",
                "verbose_name_plural": "活动资料的版本",
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["replaced_at"], name="material_file_replaced")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("material", "number"), name="material_file_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at", None)),
                        fields=("material",),
                        name="material_file_now_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MaterialPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="events.materialfile",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="material_piece_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
                ("people", models.PositiveIntegerField(verbose_name="人数")),
                ("applied_at", models.DateTimeField(verbose_name="登记时间")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="meeting_lists",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "会议名单",
                "verbose_name_plural": "会议名单",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="NoShowRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "absences",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(10),
                        ],
                        verbose_name="未到场次数",
                    ),
                ),
                (
                    "months",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                        verbose_name="多少个月之内",
                    ),
                ),
                (
                    "weeks",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(26),
                        ],
                        verbose_name="限制多少周",
                    ),
                ),
                (
                    "days_before",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(30),
                        ],
                        verbose_name="只能在开始前多少天内报名",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="为什么实行")),
                ("set_at", models.DateTimeField(verbose_name="开始实行")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停止实行")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="留空表示全部部门的活动",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="适用部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "未到场规则",
                "verbose_name_plural": "未到场规则",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("department",),
                        name="no_show_rule_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("in", "进场"), ("out", "离场"), ("here", "在场候补")],
                        max_length=4,
                        verbose_name="进出",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("door", "门口签到"),
                            ("self", "扫现场屏幕"),
                            ("word", "输入口令"),
                            ("list", "会议名单"),
                            ("correction", "事后更正"),
                        ],
                        default="door",
                        max_length=10,
                        verbose_name="依据",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                ("scan_id", models.UUIDField(blank=True, editable=False, null=True, unique=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                (
                    "taken_back_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤销时间"),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="events.booking",
                        verbose_name="报名",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤销人",
                    ),
                ),
                (
                    "meeting_list",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="events.meetinglist",
                        verbose_name="会议名单",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="replaces",
                        to="events.passage",
                        verbose_name="更正为",
                    ),
                ),
            ],
            options={
                "verbose_name": "进出记录",
                "verbose_name_plural": "进出记录",
                "ordering": ["booking", "at", "pk"],
                "indexes": [models.Index(fields=["booking", "at", "id"], name="passage_booking")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("at__lte", models.F("noted_at"))),
                        name="passage_not_in_future",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "correction"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="passage_correction_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=events.models.materials.new_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                ("alt", models.CharField(blank=True, max_length=150, verbose_name="文字说明")),
                ("credit", models.CharField(blank=True, max_length=40, verbose_name="摄影")),
                ("nobody", models.BooleanField(default=False, verbose_name="画面里没有认得出的人")),
                (
                    "guests",
                    models.PositiveSmallIntegerField(default=0, verbose_name="认得出的来宾"),
                ),
                (
                    "guests_press",
                    models.BooleanField(default=False, verbose_name="来宾也同意供媒体使用"),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="发布时间"),
                ),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="下架时间")),
                (
                    "hidden_why",
                    models.CharField(
                        blank=True,
                        choices=[("staff", "工作人员下架"), ("consent", "授权撤回")],
                        max_length=10,
                        verbose_name="下架原因",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动照片",
                "verbose_name_plural": "活动照片",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["event", "id"], name="photo_event")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at", None),
                            models.Q(("alt", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="photo_published_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hidden_at", None), ("hidden_why", "")),
                            models.Q(
                                ("hidden_at__isnull", False),
                                models.Q(("hidden_why", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="photo_hidden_has_cause",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("nobody", False), ("guests", 0), _connector="OR"),
                        name="photo_nobody_is_no_guest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("site", models.BooleanField(default=False, verbose_name="同意在网站展示")),
                ("press", models.BooleanField(default=False, verbose_name="同意供媒体使用")),
                ("text_version", models.CharField(max_length=20, verbose_name="告知文本版本")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "booking",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photo_answer",
                        to="events.booking",
                        verbose_name="报名",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="询问人",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动照片授权",
                "verbose_name_plural": "活动照片授权",
            },
        ),
        migrations.CreateModel(
            name="PhotoPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="events.booking",
                        verbose_name="报名",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="events.photo",
                    ),
                ),
            ],
            options={
                "verbose_name": "照片里的人",
                "verbose_name_plural": "照片里的人",
                "ordering": [models.F("booking__place")],
                "constraints": [
                    models.UniqueConstraint(fields=("photo", "booking"), name="photo_person_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "size",
                    models.CharField(
                        choices=[("small", "小图"), ("large", "大图"), ("full", "原尺寸")],
                        max_length=5,
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="events.photo",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("photo", "size", "number"), name="photo_piece_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Pool",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("track", "女性专场"), ("unit", "单位名额")],
                        max_length=10,
                        verbose_name="保留给",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40, verbose_name="名称")),
                ("seats", models.PositiveIntegerField(verbose_name="保留席位")),
                (
                    "taken",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="已报名"),
                ),
                (
                    "opens_to_all_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="留空则一直保留；到时空余席位按候补顺序给其他人",
                        null=True,
                        verbose_name="何时向所有人开放",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="开放时间"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pools",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "保留席位",
                "verbose_name_plural": "保留席位",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("opened_at", None)),
                        fields=["opens_to_all_at"],
                        name="pool_to_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("opened_at", None)),
                        fields=("event", "unit"),
                        name="pool_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "unit"), ("unit__isnull", False)),
                            models.Q(("kind", "track"), ("unit__isnull", True)),
                            _connector="OR",
                        ),
                        name="pool_unit_of_its_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1)), name="pool_has_seats"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken__lte", models.F("seats")),
                            ("opened_at__isnull", False),
                            _connector="OR",
                        ),
                        name="pool_not_oversold",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="booking",
            name="pool",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bookings",
                to="events.pool",
                verbose_name="保留席位",
            ),
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.ids.code,
                        editable=False,
                        max_length=12,
                        unique=True,
                        verbose_name="系列编号",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="系列名称")),
                (
                    "platform",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("talent_gathering", "两江英才荟"),
                            ("innovation_forum", "智汇两江创新论坛"),
                            ("enterprise_forum", "企业发展论坛"),
                            ("mingyue_lake", "明月湖协同创新投资联盟"),
                        ],
                        max_length=20,
                        verbose_name="依托平台",
                    ),
                ),
                ("description", models.TextField(blank=True, max_length=1000, verbose_name="介绍")),
                (
                    "is_visible",
                    models.BooleanField(
                        default=True,
                        help_text="不勾选则没有页面和日历，各场活动照常公开",
                        verbose_name="公开系列页面",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="创建时间")),
                ("updated_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="series",
                        to="accounts.department",
                        verbose_name="主办部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动系列",
                "verbose_name_plural": "活动系列",
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("department", "name"), name="series_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="series_has_name"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="event",
            name="series",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="events.series",
                verbose_name="所属系列",
            ),
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="内容")),
                ("room", models.CharField(blank=True, max_length=60, verbose_name="会场")),
                ("starts_at", models.DateTimeField(verbose_name="开始时间")),
                ("ends_at", models.DateTimeField(verbose_name="结束时间")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "议程",
                "verbose_name_plural": "议程",
                "ordering": ["starts_at", "room", "id"],
                "indexes": [
                    models.Index(fields=["event", "starts_at", "room"], name="session_event")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="session_ends_after_start",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        expressions=[
                            ("event", "="),
                            ("room", "="),
                            (events.models.spans.Span("starts_at", "ends_at"), "&&"),
                        ],
                        name="session_room_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="material",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="materials",
                to="events.session",
                verbose_name="属于哪一节",
            ),
        ),
        migrations.CreateModel(
            name="Speaker",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "guest_name",
                    models.CharField(blank=True, max_length=60, verbose_name="嘉宾姓名"),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="单位")),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("1", "男"), ("2", "女")],
                        max_length=1,
                        verbose_name="性别",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="speakers",
                        to="events.session",
                        verbose_name="议程",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="speaking",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "主讲人",
                "verbose_name_plural": "主讲人",
                "ordering": ["order", "id"],
                "indexes": [models.Index(fields=["session", "order"], name="speaker_session")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("talent__isnull", False)),
                        fields=("session", "talent"),
                        name="speaker_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("talent__isnull", True),
                            models.Q(("guest_name", ""), ("position", ""), ("unit", "")),
                            _connector="OR",
                        ),
                        name="speaker_talent_or_guest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="发起时间")),
                (
                    "taken_back_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="接收时间"),
                ),
                (
                    "accepted",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="events.booking",
                        verbose_name="接收的报名",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfers",
                        to="events.booking",
                        verbose_name="报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "转让",
                "verbose_name_plural": "转让",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["booking", "-id"], name="transfer_booking")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("taken_back_at", None)),
                        fields=("booking",),
                        name="transfer_standing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at", None), ("taken_back_at", None), _connector="OR"
                        ),
                        name="transfer_one_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BookingHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "days_before",
                    models.PositiveSmallIntegerField(verbose_name="只能在开始前多少天内报名"),
                ),
                ("until", models.DateTimeField(verbose_name="到什么时候")),
                ("absences", models.PositiveSmallIntegerField(verbose_name="未到场次数")),
                ("made_at", models.DateTimeField(verbose_name="开始")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                (
                    "forgiven_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="此前不再计入"),
                ),
                (
                    "lift_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="解除原因"),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="适用部门",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="booking_holds",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="姓名",
                    ),
                ),
            ],
            options={
                "verbose_name": "报名限制",
                "verbose_name_plural": "报名限制",
                "ordering": ["-until"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "department"),
                        name="booking_hold_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharePicture",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="share_picture",
                        serialize=False,
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
                ("mark", models.CharField(blank=True, max_length=16)),
                ("content", models.BinaryField(default=bytes)),
                ("drawn_at", models.DateTimeField(blank=True, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "活动的分享图片",
                "verbose_name_plural": "活动的分享图片",
                "indexes": [
                    models.Index(
                        condition=models.Q(("drawn_at", None)),
                        fields=["drawn_at"],
                        name="sharepicture_to_draw",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawn_at", None),
                            models.Q(("mark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sharepicture_drawn_has_mark",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CertificateOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "least_percent",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="至少在场（占活动时间的百分比）",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=4,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0.5),
                            django.core.validators.MaxValueValidator(200),
                        ],
                        verbose_name="学时",
                    ),
                ),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=120, verbose_name="活动英文名称"),
                ),
                (
                    "issuers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SlugField(), size=None, verbose_name="落款部门"
                    ),
                ),
                (
                    "speakers",
                    models.BooleanField(default=True, verbose_name="同时为主讲人出感谢状"),
                ),
                ("asked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificate_offer",
                        to="events.event",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书设置",
                "verbose_name_plural": "证书设置",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("least_percent__lte", 100)), name="offer_percent"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=kernel.certificates.new_code,
                        editable=False,
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("attendance", "参加证书"), ("speaker", "主讲感谢状")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文姓名")),
                ("title", models.CharField(max_length=80, verbose_name="活动名称")),
                (
                    "title_en",
                    models.CharField(blank=True, max_length=120, verbose_name="活动英文名称"),
                ),
                ("began_on", models.DateField(verbose_name="开始日期")),
                ("ended_on", models.DateField(verbose_name="结束日期")),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1, max_digits=4, null=True, verbose_name="学时"
                    ),
                ),
                ("issuers", models.JSONField(verbose_name="落款部门")),
                ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="失效时间")),
                (
                    "revoke_cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("staff", "主办方撤销"),
                            ("replaced", "已换发"),
                            ("attendance", "到场情况已更正"),
                        ],
                        max_length=10,
                        verbose_name="失效原因",
                    ),
                ),
                (
                    "revoke_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="说明"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="events.certificate",
                        verbose_name="代替",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "证书",
                "verbose_name_plural": "证书",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None), ("talent__isnull", False)),
                        fields=("event", "talent", "kind"),
                        name="certificate_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("revoked_at", None),
                            ("talent", None),
                            models.Q(("name", ""), _negated=True),
                        ),
                        fields=("event", "name", "kind"),
                        name="certificate_guest_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoke_cause", ""), ("revoked_at", None)),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoke_cause", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="certificate_revoked_has_cause",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        choices=[(5, "很好"), (4, "好"), (3, "一般"), (2, "不太好"), (1, "不好")],
                        verbose_name="总体感受",
                    ),
                ),
                ("helped", privacy.fields.EncryptedTextField(null=True, verbose_name="哪里有收获")),
                ("change", privacy.fields.EncryptedTextField(null=True, verbose_name="哪里要改")),
                ("released", models.BooleanField(default=False, editable=False)),
                (
                    "hidden_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="屏蔽原因"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="feedback",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "活动反馈",
                "verbose_name_plural": "活动反馈",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                        name="feedback_score_1_to_5",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenSeat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="让出时间")),
                (
                    "childcare",
                    models.CharField(
                        blank=True,
                        choices=[("waiting", "排队中"), ("given", "已安排")],
                        max_length=10,
                        verbose_name="儿童托管",
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "late",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given_seats",
                        to="events.booking",
                        verbose_name="没有到的报名",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="got_seats",
                        to="events.booking",
                        verbose_name="现场候补的报名",
                    ),
                ),
            ],
            options={
                "verbose_name": "让出的席位",
                "verbose_name_plural": "让出的席位",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("late",),
                        name="given_seat_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("late", models.F("to")), _negated=True),
                        name="given_seat_to_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupBooking",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("answer", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="events.event",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位推荐",
                "verbose_name_plural": "单位推荐",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "key"), name="group_booking_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("invited_at", models.DateTimeField(verbose_name="邀请时间")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="events.event",
                        verbose_name="活动",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="邀请人",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "邀请",
                "verbose_name_plural": "邀请",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "talent"), name="invitation_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "waitlisted")),
                fields=["event", "place"],
                name="booking_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["event", "place"],
                name="booking_pending",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(
                condition=models.Q(("checked_in_at__isnull", False)),
                fields=["event", "checked_in_at"],
                name="booking_door",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                fields=("event", "place"), name="booking_place_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        ["refused", "declined", "expired", "handed_on", "cancelled", "called_off"],
                    ),
                    _negated=True,
                ),
                fields=("event", "talent"),
                name="booking_active_once",
            ),
        ),
    ]
