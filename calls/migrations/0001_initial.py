import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0002_departments"),
        ("talents", "0004_compare_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="Call",
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
                        verbose_name="编号",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("honour", "荣誉推荐"),
                            ("programme", "人才项目"),
                            ("fund", "资金支持"),
                            ("other", "其他申报"),
                        ],
                        max_length=10,
                        verbose_name="类型",
                    ),
                ),
                (
                    "measure",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "1 · 拓宽成长渠道"),
                            (2, "2 · 交流合作机制"),
                            (3, "3 · 支持创业"),
                            (4, "4 · 科技创新巾帼行动"),
                            (5, "5 · 激励表彰"),
                            (6, "6 · 社会良好氛围"),
                            (7, "7 · 科研学术网络"),
                            (8, "8 · 生育友好型工作环境"),
                            (9, "9 · 两江巾帼关爱计划"),
                            (10, "10 · 鼓励女性从事科学技术工作"),
                        ],
                        verbose_name="对应措施",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("title_en", models.CharField(blank=True, max_length=160, verbose_name="英文标题")),
                ("text", models.TextField(max_length=8000, verbose_name="说明")),
                (
                    "text_en",
                    models.TextField(blank=True, max_length=16000, verbose_name="英文说明"),
                ),
                ("opens_at", models.DateTimeField(verbose_name="开始申报")),
                ("closes_at", models.DateTimeField(verbose_name="申报截止")),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("self", "本人自荐"),
                                ("unit", "单位推荐"),
                                ("third", "他人推荐"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="谁可以推荐",
                    ),
                ),
                (
                    "places",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="名额",
                    ),
                ),
                (
                    "unit_quota",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="每个单位最多受理",
                    ),
                ),
                (
                    "open_to_all",
                    models.BooleanField(
                        default=False,
                        help_text="由本库女性科技人才填报，项目负责人可以是男性",
                        verbose_name="男女均可申报",
                    ),
                ),
                (
                    "women_preferred",
                    models.BooleanField(
                        default=True,
                        help_text="评审得分相同时，女性排在前面；只用于男女均可申报的",
                        verbose_name="同等条件下女性优先",
                    ),
                ),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="咨询方式")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("open", "已发布"),
                            ("closed", "已截止"),
                            ("decided", "已公布结果"),
                            ("cancelled", "已取消"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="发布时间")),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="公布结果时间"),
                ),
                (
                    "cancel_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="取消原因"),
                ),
                ("created_at", models.DateTimeField(verbose_name="新建时间")),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="calls.call",
                        verbose_name="复制自",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="accounts.department",
                        verbose_name="牵头部门",
                    ),
                ),
                (
                    "joint_departments",
                    models.ManyToManyField(
                        blank=True,
                        related_name="joint_calls",
                        to="accounts.department",
                        verbose_name="联合部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报通知",
                "verbose_name_plural": "申报通知",
                "ordering": ["-id"],
                "permissions": [
                    ("open_call", "可以发布、延期、取消申报通知"),
                    ("conclude_call", "可以公布申报结果"),
                ],
                "indexes": [
                    models.Index(fields=["state", "closes_at"], name="call_deadline"),
                    models.Index(fields=["department", "-id"], name="call_department"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="call_closes_after_opening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("places", None),
                            ("unit_quota", None),
                            ("unit_quota__lte", models.F("places")),
                            _connector="OR",
                        ),
                        name="call_quota_within_places",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sources__len__gt", 0)), name="call_has_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "decided"), _negated=True),
                            ("decided_at__isnull", False),
                            _connector="OR",
                        ),
                        name="call_decided_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cancelled"), _negated=True),
                            models.Q(("cancel_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="call_cancelled_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Application",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "本人自荐"), ("unit", "单位推荐"), ("third", "他人推荐")],
                        default="self",
                        max_length=10,
                        verbose_name="推荐方式",
                    ),
                ),
                (
                    "taken_back_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="入选撤销时间"
                    ),
                ),
                ("led_by_woman", models.BooleanField(default=True, verbose_name="负责人为女性")),
                (
                    "kept_away",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="申请回避的人"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "已提交，待受理"),
                            ("returned", "待补充"),
                            ("accepted", "已受理"),
                            ("refused", "未受理"),
                            ("withdrawn", "已撤回"),
                            ("awarded", "入选"),
                            ("reserve", "备选"),
                            ("not_awarded", "未入选"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="受理编号"
                    ),
                ),
                ("started_at", models.DateTimeField(verbose_name="开始填写")),
                ("saved_at", models.DateTimeField(verbose_name="最近保存")),
                ("deadline", models.DateTimeField(verbose_name="截止时间")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="受理时间"),
                ),
                (
                    "refuse_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="不予受理的原因"),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("awarded", "入选"),
                            ("reserve", "备选"),
                            ("not_awarded", "未入选"),
                        ],
                        max_length=12,
                        verbose_name="拟定结果",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="talents.talent",
                        verbose_name="申报人",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="calls.call",
                        verbose_name="申报通知",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报",
                "verbose_name_plural": "申报",
                "ordering": ["-id"],
                "permissions": [
                    ("accept_application", "可以受理申报"),
                    ("decide_application", "可以拟定申报结果"),
                    ("export_application", "可以导出申报名单"),
                ],
                "indexes": [
                    models.Index(fields=["call", "state", "-id"], name="application_queue"),
                    models.Index(fields=["state", "submitted_at"], name="application_waiting"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "talent"), name="application_once"),
                    models.UniqueConstraint(
                        fields=("call", "number"), name="application_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("saved_at__lte", models.F("deadline"))),
                        name="application_saved_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at", None),
                            ("submitted_at__lte", models.F("deadline")),
                            _connector="OR",
                        ),
                        name="application_submitted_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("draft", "withdrawn")),
                            models.Q(("number__isnull", False), ("submitted_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="application_handed_in_has_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("refuse_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="application_refused_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", ""),
                            ("state", "accepted"),
                            ("state", models.F("result")),
                            _connector="OR",
                        ),
                        name="application_result_of_accepted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Numbering",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="numbering",
                        serialize=False,
                        to="calls.call",
                    ),
                ),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Field",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "文字"),
                            ("number", "数字"),
                            ("date", "日期"),
                            ("choice", "单选"),
                        ],
                        max_length=8,
                        verbose_name="填写方式",
                    ),
                ),
                ("label", models.CharField(max_length=60, verbose_name="名称")),
                ("label_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="填写说明")),
                ("required", models.BooleanField(default=True, verbose_name="必填")),
                (
                    "limit",
                    models.PositiveIntegerField(
                        default=500,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="字数上限",
                    ),
                ),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="选项",
                    ),
                ),
                (
                    "profile",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("full_name", "姓名"),
                            ("unit_name", "单位"),
                            ("position", "职务"),
                            ("professional_title", "职称"),
                            ("school_and_major", "毕业院校及专业"),
                            ("research_fields", "研究方向"),
                            ("honours", "获奖及荣誉"),
                        ],
                        max_length=20,
                        verbose_name="从档案带入",
                    ),
                ),
                (
                    "identifying",
                    models.BooleanField(
                        default=False,
                        help_text="匿名评审时评审专家看不到这一项",
                        verbose_name="会暴露身份",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fields",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报表内容",
                "verbose_name_plural": "申报表内容",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "label"), name="field_label_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "choice"), _negated=True),
                            ("choices__len__gte", 2),
                            _connector="OR",
                        ),
                        name="field_choice_has_choices",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit__gte", 1), ("limit__lte", 5000)),
                        name="field_limit_sane",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("profile", ""), ("kind", "text"), _connector="OR"),
                        name="field_profile_is_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "profile__in",
                                    [
                                        "full_name",
                                        "honours",
                                        "position",
                                        "school_and_major",
                                        "unit_name",
                                    ],
                                ),
                                _negated=True,
                            ),
                            ("identifying", True),
                            _connector="OR",
                        ),
                        name="field_naming_her_is_identifying",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", privacy.fields.EncryptedTextField(verbose_name="内容")),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="calls.application",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.field",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报内容",
                "verbose_name_plural": "申报内容",
                "constraints": [
                    models.UniqueConstraint(fields=("application", "field"), name="answer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Return",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("returned_at", models.DateTimeField(verbose_name="退回时间")),
                ("due_at", models.DateTimeField(verbose_name="补充截止")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="returns",
                        to="calls.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "退回补充",
                "verbose_name_plural": "退回补充",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("returned_at"))),
                        name="return_due_later",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.CharField(max_length=200, verbose_name="要补充什么")),
                (
                    "about",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="calls.return",
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.field",
                    ),
                ),
            ],
            options={
                "verbose_name": "补充内容",
                "verbose_name_plural": "补充内容",
                "constraints": [
                    models.UniqueConstraint(fields=("about", "field"), name="return_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
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
                        choices=[
                            ("endorsement", "单位审核推荐"),
                            ("acceptance", "部门受理"),
                            ("blind_scoring", "匿名评分"),
                            ("panel", "评审会"),
                            ("public_notice", "公示"),
                            ("decision", "公布结果"),
                            ("recommendation", "向上级推荐"),
                        ],
                        max_length=16,
                        verbose_name="阶段",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "call",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "verbose_name": "阶段",
                "verbose_name_plural": "阶段",
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "kind"), name="stage_once"),
                    models.UniqueConstraint(fields=("call", "order"), name="stage_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("preparing", "准备中"),
                            ("judging", "评分中"),
                            ("ranked", "已定排名"),
                        ],
                        default="preparing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "least",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(15),
                        ],
                        verbose_name="每份申报几位评审",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="评分截止")),
                (
                    "rank_by",
                    models.CharField(
                        choices=[("normalised", "标准化分"), ("raw", "原始平均分")],
                        default="normalised",
                        max_length=10,
                        verbose_name="排名依据",
                    ),
                ),
                (
                    "outlier_points",
                    models.PositiveSmallIntegerField(
                        default=20,
                        help_text="一份评分与其他评审对同一申报的平均分相差这么多，就提示核对",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="偏差提示（分）",
                    ),
                ),
                (
                    "judging_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="开始评分"),
                ),
                (
                    "ranked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="排名确定时间"),
                ),
                (
                    "stage",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review",
                        to="calls.stage",
                        verbose_name="阶段",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审",
                "verbose_name_plural": "评审",
                "ordering": ["-id"],
                "permissions": [("run_review", "可以组织评审"), ("score_review", "可以评分")],
                "indexes": [models.Index(fields=["state", "due_at"], name="review_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "preparing"),
                            models.Q(("due_at__isnull", False), ("judging_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="review_judging_has_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ranked"), _negated=True),
                            ("ranked_at__isnull", False),
                            _connector="OR",
                        ),
                        name="review_ranked_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("least__gte", 1), ("least__lte", 15)),
                        name="review_asks_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="评审编号")),
                (
                    "raw",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, null=True, verbose_name="原始平均分"
                    ),
                ),
                (
                    "normalised",
                    models.DecimalField(
                        decimal_places=2, max_digits=6, null=True, verbose_name="标准化分"
                    ),
                ),
                ("place", models.PositiveIntegerField(null=True, verbose_name="名次")),
                ("by_rule", models.BooleanField(default=False, verbose_name="同等条件下女性优先")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidacies",
                        to="calls.application",
                        verbose_name="申报",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="calls.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "参评申报",
                "verbose_name_plural": "参评申报",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("review", "application"), name="candidate_once"
                    ),
                    models.UniqueConstraint(
                        fields=("review", "number"), name="candidate_number_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Criterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                ("help", models.CharField(blank=True, max_length=200, verbose_name="评分说明")),
                (
                    "most",
                    models.PositiveSmallIntegerField(
                        default=100,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="满分",
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="权重",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="calls.review",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分标准",
                "verbose_name_plural": "评分标准",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "name"), name="criterion_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("most__gte", 1),
                            ("most__lte", 100),
                            ("weight__gte", 1),
                            ("weight__lte", 100),
                        ),
                        name="criterion_sane",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reviewer",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("full_name", models.CharField(max_length=60, verbose_name="姓名")),
                ("unit_text", models.CharField(blank=True, max_length=120, verbose_name="单位")),
                ("is_outside", models.BooleanField(default=False, verbose_name="外部专家")),
                ("added_at", models.DateTimeField(verbose_name="加入时间")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出时间")),
                (
                    "left_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="退出原因"),
                ),
                ("reminded_at", models.DateTimeField(editable=False, null=True)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.reviewer",
                        verbose_name="接替",
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="calls.review",
                        verbose_name="评审",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="panel_seats",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="评审专家",
                    ),
                ),
            ],
            options={
                "verbose_name": "评审专家",
                "verbose_name_plural": "评审专家",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("review", "user"), name="reviewer_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
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
                        choices=[
                            ("self", "本人"),
                            ("same_unit", "同一单位"),
                            ("former_unit", "曾在同一单位"),
                            ("nominator", "推荐人或推荐单位"),
                            ("kin", "亲属或申报人申请回避的人"),
                            ("teacher", "师生"),
                            ("co_author", "合作成果"),
                            ("co_award", "共同获奖"),
                            ("other", "其他关系，不影响评审"),
                            ("other_hard", "其他关系，需要回避"),
                        ],
                        max_length=12,
                        verbose_name="关系",
                    ),
                ),
                ("is_declared", models.BooleanField(verbose_name="本人声明")),
                (
                    "note",
                    privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="说明"),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="calls.candidate",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="calls.reviewer",
                    ),
                ),
            ],
            options={
                "verbose_name": "利害关系",
                "verbose_name_plural": "利害关系",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reviewer", "candidate", "kind"), name="relation_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
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
                        default=kernel.ids.code, editable=False, max_length=12, unique=True
                    ),
                ),
                ("assigned_at", models.DateTimeField(verbose_name="分派时间")),
                (
                    "assign_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="分派原因"),
                ),
                (
                    "declared_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="声明时间"),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="打开材料")),
                ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="最近保存")),
                (
                    "handed_in_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "recused_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="回避时间"),
                ),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="撤回分派"),
                ),
                (
                    "remove_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="撤回分派的原因"),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="calls.candidate",
                        verbose_name="参评申报",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="calls.reviewer",
                        verbose_name="评审专家",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分表",
                "verbose_name_plural": "评分表",
                "ordering": ["candidate__number"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at", None)),
                        fields=("reviewer", "candidate"),
                        name="assignment_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_at", None),
                            models.Q(
                                ("declared_at__isnull", False),
                                ("declared_at__lte", models.F("opened_at")),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_opened_after_declaring",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("handed_in_at", None),
                            models.Q(
                                ("opened_at__isnull", False),
                                ("opened_at__lte", models.F("handed_in_at")),
                            ),
                            _connector="OR",
                        ),
                        name="assignment_handed_in_after_opening",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recused_at", None), ("handed_in_at", None), _connector="OR"
                        ),
                        name="assignment_recused_is_not_handed_in",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="分数"
                    ),
                ),
                (
                    "comment",
                    privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="评语"),
                ),
                (
                    "assignment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scores",
                        to="calls.assignment",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="calls.criterion",
                    ),
                ),
            ],
            options={
                "verbose_name": "评分",
                "verbose_name_plural": "评分",
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "criterion"), name="score_once"),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                        name="score_not_negative",
                    ),
                ],
            },
        ),
    ]
