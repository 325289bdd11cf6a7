"""Ventures, and the bases they may stand at.

`entrepreneurship_sum_shares` keeps the sum of the standing founders' shares on the venture, whose CHECK lets it not pass 100:
the row is locked by the sum itself, so that two founders who raise their shares at once cannot pass together. Stages
and checkpoints are append-only (`privacy_append_only`).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import kernel.ids

SUM = """
CREATE FUNCTION entrepreneurship_sum_shares() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.ended_at IS NULL THEN
        UPDATE entrepreneurship_venture SET shares = shares - OLD.share
         WHERE id = OLD.venture_id AND OLD.share <> 0
           AND (TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL OR NEW.venture_id <> OLD.venture_id);
        IF TG_OP = 'UPDATE' AND NEW.ended_at IS NULL AND NEW.venture_id = OLD.venture_id THEN
            UPDATE entrepreneurship_venture SET shares = shares - OLD.share + NEW.share
             WHERE id = NEW.venture_id AND NEW.share <> OLD.share;
            RETURN NULL;
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.ended_at IS NULL THEN
        UPDATE entrepreneurship_venture SET shares = shares + NEW.share
         WHERE id = NEW.venture_id AND NEW.share <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER venture_sum_shares AFTER INSERT OR DELETE OR UPDATE OF share, ended_at, venture_id
    ON entrepreneurship_venturefounder FOR EACH ROW EXECUTE FUNCTION entrepreneurship_sum_shares();
CREATE TRIGGER venture_stage_append_only BEFORE UPDATE OR DELETE ON entrepreneurship_venturestage
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
CREATE TRIGGER venture_checkpoint_append_only BEFORE UPDATE OR DELETE ON entrepreneurship_venturecheckpoint
    FOR EACH ROW EXECUTE FUNCTION privacy_append_only();
"""
FREE = """
DROP TRIGGER venture_checkpoint_append_only ON entrepreneurship_venturecheckpoint;
DROP TRIGGER venture_stage_append_only ON entrepreneurship_venturestage;
DROP TRIGGER venture_sum_shares ON entrepreneurship_venturefounder;
DROP FUNCTION entrepreneurship_sum_shares();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_departments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("privacy", "0002_append_only"),
        ("talents", "0004_compare_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="Base",
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
                            ("demonstration_zone", "国家自主创新示范区"),
                            ("dual_base", "国家双创示范基地"),
                            ("offshore_base", "国家海外人才离岸创新创业基地"),
                            ("returnee_park", "留创园"),
                            ("postdoc_park", "博创园"),
                            ("returned_scholars", "欧美同学会"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True, verbose_name="名称")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="英文名称")),
                ("summary", models.CharField(blank=True, max_length=300, verbose_name="简介")),
                (
                    "summary_en",
                    models.CharField(blank=True, max_length=600, verbose_name="英文简介"),
                ),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="地址")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="主管部门",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bases",
                        to="accounts.unit",
                        verbose_name="运营单位",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="受理人",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="对外公布")),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "创新创业基地",
                "verbose_name_plural": "创新创业基地",
                "ordering": ["kind", "name"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="Venture",
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
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ventures",
                        to="talents.talent",
                        verbose_name="发起人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="所属部门",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="项目或企业名称")),
                (
                    "summary",
                    models.CharField(blank=True, max_length=120, verbose_name="一句话说明做什么"),
                ),
                (
                    "industry",
                    models.CharField(
                        choices=[
                            ("A", "农、林、牧、渔业"),
                            ("B", "采矿业"),
                            ("C", "制造业"),
                            ("D", "电力、热力、燃气及水生产和供应业"),
                            ("E", "建筑业"),
                            ("F", "批发和零售业"),
                            ("G", "交通运输、仓储和邮政业"),
                            ("H", "住宿和餐饮业"),
                            ("I", "信息传输、软件和信息技术服务业"),
                            ("J", "金融业"),
                            ("K", "房地产业"),
                            ("L", "租赁和商务服务业"),
                            ("M", "科学研究和技术服务业"),
                            ("N", "水利、环境和公共设施管理业"),
                            ("O", "居民服务、修理和其他服务业"),
                            ("P", "教育"),
                            ("Q", "卫生和社会工作"),
                            ("R", "文化、体育和娱乐业"),
                            ("S", "公共管理、社会保障和社会组织"),
                            ("T", "国际组织"),
                        ],
                        max_length=2,
                        verbose_name="行业",
                    ),
                ),
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="ventures",
                        to="entrepreneurship.base",
                        verbose_name="所在基地",
                    ),
                ),
                (
                    "uscc",
                    models.CharField(
                        blank=True, max_length=18, null=True, verbose_name="统一社会信用代码"
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "构想"),
                            ("team", "组队"),
                            ("registered", "已注册"),
                            ("operating", "经营中"),
                            ("paused", "暂停"),
                            ("closed", "已关闭"),
                        ],
                        default="idea",
                        max_length=10,
                        verbose_name="阶段",
                    ),
                ),
                ("stage_on", models.DateField(verbose_name="进入这一阶段的日期")),
                ("registered_on", models.DateField(blank=True, null=True, verbose_name="注册日期")),
                (
                    "shares",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=5,
                        verbose_name="已登记的份额",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "next_check_on",
                    models.DateField(blank=True, null=True, verbose_name="下次年度问询"),
                ),
                ("forgotten", models.BooleanField(default=False, editable=False)),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "创业项目",
                "verbose_name_plural": "创业项目",
                "ordering": ["-id"],
                "permissions": [
                    ("correct_venture", "可以更正创业项目"),
                    ("export_venture", "可以导出创业项目"),
                ],
                "indexes": [
                    models.Index(fields=["department", "-id"], name="venture_department"),
                    models.Index(
                        condition=models.Q(("next_check_on__isnull", False)),
                        fields=["next_check_on"],
                        name="venture_to_ask",
                    ),
                    models.Index(
                        condition=models.Q(("registered_on__isnull", False)),
                        fields=["registered_on"],
                        name="venture_registered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("uscc",), name="venture_uscc_once"),
                    models.CheckConstraint(
                        condition=models.Q(("shares__gte", 0), ("shares__lte", 100)),
                        name="venture_shares_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("registered_on", None),
                            ("uscc__isnull", False),
                            ("forgotten", True),
                            _connector="OR",
                        ),
                        name="venture_registered_has_uscc",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage__in", ["registered", "operating"]), _negated=True),
                            ("registered_on__isnull", False),
                            _connector="OR",
                        ),
                        name="venture_operates_registered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "closed"), _negated=True),
                            ("next_check_on", None),
                            _connector="OR",
                        ),
                        name="venture_closed_is_not_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VentureFounder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="founders",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("record", "库内人才"), ("outside", "另一位创始人")],
                        max_length=8,
                        verbose_name="谁",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="foundings",
                        to="talents.talent",
                        verbose_name="创始人",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("lead", "负责人"),
                            ("technology", "技术"),
                            ("market", "市场"),
                            ("operations", "运营"),
                            ("finance", "财务"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="分工",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=5, verbose_name="份额（%）"
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "accepted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="本人确认时间"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="退出时间")),
            ],
            options={
                "verbose_name": "创始人",
                "verbose_name_plural": "创始人",
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["venture"], name="venture_founder_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("talent__isnull", False)),
                        fields=("venture", "talent"),
                        name="venture_founder_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gte", 0), ("share__lte", 100)),
                        name="venture_founder_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("kind", "outside"), ("talent", None)),
                            models.Q(("accepted_at", None), ("kind", "record"), ("talent", None)),
                            models.Q(
                                ("accepted_at__isnull", False),
                                ("kind", "record"),
                                ("talent__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="venture_founder_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VentureStage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("idea", "构想"),
                            ("team", "组队"),
                            ("registered", "已注册"),
                            ("operating", "经营中"),
                            ("paused", "暂停"),
                            ("closed", "已关闭"),
                        ],
                        max_length=10,
                        verbose_name="阶段",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                ("by_staff", models.BooleanField(default=False, verbose_name="工作人员登记")),
                (
                    "takes_back",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="taken_back_by",
                        to="entrepreneurship.venturestage",
                        verbose_name="撤回的一步",
                    ),
                ),
            ],
            options={
                "verbose_name": "阶段记录",
                "verbose_name_plural": "阶段记录",
                "ordering": ["pk"],
                "indexes": [],
                "constraints": [],
            },
        ),
        migrations.CreateModel(
            name="VentureCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checks",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="问询日期")),
                ("asked_at", models.DateTimeField(verbose_name="发出时间")),
                (
                    "reminded_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提醒时间"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "unknown_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="记为“情况不明”的时间"
                    ),
                ),
                ("sweep_failures", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "年度问询",
                "verbose_name_plural": "年度问询",
                "ordering": ["-due_on"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_at", None), ("unknown_at", None)),
                        fields=["asked_at"],
                        name="venture_check_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("venture", "due_on"), name="venture_check_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at", None), ("unknown_at", None), _connector="OR"
                        ),
                        name="venture_check_unknown_or_answered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VentureCheckpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "venture",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checkpoints",
                        to="entrepreneurship.venture",
                        verbose_name="创业项目",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="checkpoints",
                        to="entrepreneurship.venturecheck",
                        verbose_name="年度问询",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("alive", models.BooleanField(verbose_name="还在经营或推进")),
                ("jobs", models.PositiveIntegerField(verbose_name="就业人数")),
                ("women_jobs", models.PositiveIntegerField(verbose_name="其中女性")),
                (
                    "revenue",
                    models.CharField(
                        choices=[
                            ("none", "没有"),
                            ("to_100k", "10 万元以内"),
                            ("to_1m", "10 万至 100 万元"),
                            ("to_5m", "100 万至 500 万元"),
                            ("to_20m", "500 万至 2000 万元"),
                            ("more", "2000 万元以上"),
                        ],
                        max_length=8,
                        verbose_name="近一年营业收入",
                    ),
                ),
                (
                    "finance",
                    models.CharField(
                        choices=[
                            ("none", "没有"),
                            ("to_100k", "10 万元以内"),
                            ("to_1m", "10 万至 100 万元"),
                            ("to_5m", "100 万至 500 万元"),
                            ("to_20m", "500 万至 2000 万元"),
                            ("more", "2000 万元以上"),
                        ],
                        max_length=8,
                        verbose_name="近一年获得的融资和贷款",
                    ),
                ),
                ("patents", models.PositiveIntegerField(verbose_name="有效专利数")),
                (
                    "source",
                    models.CharField(
                        choices=[("herself", "本人填写"), ("phone", "电话告知，工作人员登记")],
                        max_length=8,
                        verbose_name="来源",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replaced_by",
                        to="entrepreneurship.venturecheckpoint",
                        verbose_name="更正的一次",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度情况",
                "verbose_name_plural": "年度情况",
                "ordering": ["-day", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["venture", "-day", "-id"], name="venture_checkpoint_newest"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("women_jobs__lte", models.F("jobs"))),
                        name="venture_women_among_jobs",
                    )
                ],
            },
        ),
        migrations.RunSQL(SUM, FREE),
    ]
