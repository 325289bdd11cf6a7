import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import kernel.ids
import privacy.fields
import talents.identity.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        # These change their tables a hundred times, and at each change Django builds anew every model that leads
        # to the user: first, while there are few of those.
        ("mfa", "0003_authenticator_type_uniq"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CareerEntry",
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
                            ("education", "教育经历"),
                            ("employment", "工作经历"),
                            ("title", "职称经历"),
                            ("tier", "人才称号"),
                            ("achievement", "成果"),
                            ("overseas", "海外经历"),
                            ("language", "语言"),
                            ("post", "社会兼职"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=16, verbose_name="种类")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="单位或机构"),
                ),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="角色")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="编号")),
                ("began", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("ended", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("confirmed_at", models.DateTimeField(editable=False, verbose_name="确认时间")),
                ("created_at", models.DateTimeField(editable=False, verbose_name="添加时间")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                (
                    "deleted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="删除时间"),
                ),
            ],
            options={
                "verbose_name": "履历",
                "verbose_name_plural": "履历",
                "indexes": [
                    models.Index(
                        condition=models.Q(("deleted_at__isnull", False)),
                        fields=["deleted_at"],
                        name="entry_deleted",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("began", None),
                            ("ended", None),
                            ("ended__gte", models.F("began")),
                            _connector="OR",
                        ),
                        name="entry_ends_after_begin",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("organisation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="entry_says_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ToCompare",
            fields=[
                ("talent_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "待比对的档案",
                "verbose_name_plural": "待比对的档案",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("kind", models.CharField(max_length=4, verbose_name="文件类型")),
                ("size", models.PositiveIntegerField(verbose_name="大小")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="talents.careerentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "证明材料",
                "verbose_name_plural": "证明材料",
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("full", models.BooleanField(default=False, verbose_name="完整号码")),
                ("columns", models.JSONField(editable=False)),
                (
                    "rows",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("writing", "正在生成"),
                            ("ready", "可以下载"),
                            ("failed", "没有生成"),
                            ("cancelled", "已取消"),
                            ("dropped", "已删除"),
                        ],
                        default="writing",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="人数")),
                ("processed", models.PositiveIntegerField(default=0, verbose_name="已处理")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="大小")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="保留至")),
                ("worker", models.CharField(blank=True, editable=False, max_length=32)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("heartbeat_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "verbose_name": "我的导出",
                "verbose_name_plural": "我的导出",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "writing")),
                        fields=("by",),
                        name="export_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportPiece",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", privacy.fields.EncryptedTextField()),
                (
                    "export",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="talents.export",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("export", "number"), name="export_piece_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTalent",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "待审核"),
                            ("verified", "已入库"),
                            ("returned", "待补充"),
                            ("left", "已退出"),
                            ("erased", "已删除"),
                            ("merged", "已并入"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "本人注册"), ("import", "单位报送")],
                        default="self",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reserve", "储备"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("national", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="人才层次",
                    ),
                ),
                ("full_name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("birth_month", models.DateField(blank=True, null=True, verbose_name="出生年月")),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=120, verbose_name="单位（未收录）"),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "professional_title",
                    models.CharField(blank=True, max_length=60, verbose_name="职称"),
                ),
                (
                    "title_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无职称"),
                            ("primary", "初级"),
                            ("intermediate", "中级"),
                            ("associate_senior", "副高级"),
                            ("senior", "正高级"),
                        ],
                        max_length=16,
                        verbose_name="职称级别",
                    ),
                ),
                (
                    "education_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("21", "大学本科"),
                            ("31", "大学专科"),
                            ("41", "中等专科"),
                            ("61", "普通高中"),
                            ("90", "其他"),
                        ],
                        max_length=4,
                        verbose_name="学历",
                    ),
                ),
                (
                    "degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="学位",
                    ),
                ),
                (
                    "school_and_major",
                    models.CharField(blank=True, max_length=200, verbose_name="毕业院校及专业"),
                ),
                (
                    "discipline",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("110", "数学"),
                            ("120", "信息科学与系统科学"),
                            ("130", "力学"),
                            ("140", "物理学"),
                            ("150", "化学"),
                            ("160", "天文学"),
                            ("170", "地球科学"),
                            ("180", "生物学"),
                            ("190", "心理学"),
                            ("210", "农学"),
                            ("220", "林学"),
                            ("230", "畜牧、兽医科学"),
                            ("240", "水产学"),
                            ("310", "基础医学"),
                            ("320", "临床医学"),
                            ("330", "预防医学与公共卫生学"),
                            ("340", "军事医学与特种医学"),
                            ("350", "药学"),
                            ("360", "中医学与中药学"),
                            ("410", "工程与技术科学基础学科"),
                            ("413", "信息与系统科学相关工程与技术"),
                            ("416", "自然科学相关工程与技术"),
                            ("420", "测绘科学技术"),
                            ("430", "材料科学"),
                            ("440", "矿山工程技术"),
                            ("450", "冶金工程技术"),
                            ("460", "机械工程"),
                            ("470", "动力与电气工程"),
                            ("480", "能源科学技术"),
                            ("490", "核科学技术"),
                            ("510", "电子与通信技术"),
                            ("520", "计算机科学技术"),
                            ("530", "化学工程"),
                            ("535", "产品应用相关工程与技术"),
                            ("540", "纺织科学技术"),
                            ("550", "食品科学技术"),
                            ("560", "土木建筑工程"),
                            ("570", "水利工程"),
                            ("580", "交通运输工程"),
                            ("590", "航空、航天科学技术"),
                            ("610", "环境科学技术及资源科学技术"),
                            ("620", "安全科学技术"),
                            ("630", "管理学"),
                            ("710", "马克思主义"),
                            ("720", "哲学"),
                            ("730", "宗教学"),
                            ("740", "语言学"),
                            ("750", "文学"),
                            ("760", "艺术学"),
                            ("770", "历史学"),
                            ("780", "考古学"),
                            ("790", "经济学"),
                            ("810", "政治学"),
                            ("820", "法学"),
                            ("830", "军事学"),
                            ("840", "社会学"),
                            ("850", "民族学与文化学"),
                            ("860", "新闻学与传播学"),
                            ("870", "图书馆、情报与文献学"),
                            ("880", "教育学"),
                            ("890", "体育科学"),
                            ("910", "统计学"),
                        ],
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
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
                    "discipline_detail",
                    models.CharField(blank=True, max_length=5, verbose_name="二级学科"),
                ),
                (
                    "industry_division",
                    models.CharField(blank=True, max_length=2, verbose_name="行业大类"),
                ),
                (
                    "research_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="研究方向",
                    ),
                ),
                ("unit_since", models.DateField(blank=True, null=True, verbose_name="到岗年月")),
                (
                    "title_since",
                    models.DateField(blank=True, null=True, verbose_name="取得职称年份"),
                ),
                ("graduated", models.DateField(blank=True, null=True, verbose_name="毕业年份")),
                (
                    "overseas_study",
                    models.BooleanField(default=False, verbose_name="有海外学习经历"),
                ),
                (
                    "overseas_detail",
                    models.CharField(blank=True, max_length=120, verbose_name="海外学习经历"),
                ),
                (
                    "honours",
                    models.CharField(blank=True, max_length=2000, verbose_name="获奖及荣誉"),
                ),
                ("remark", models.CharField(blank=True, max_length=2000, verbose_name="备注")),
                (
                    "written_by",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        default="self",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="所属部门",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "档案修改记录",
                "verbose_name_plural": "historical 女性科技人才",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=120, verbose_name="文件名")),
                ("digest", models.CharField(db_index=True, editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "等待预览"),
                            ("previewing", "正在预览"),
                            ("ready", "等待确认"),
                            ("committing", "正在导入"),
                            ("done", "已完成"),
                            ("failed", "无法导入"),
                            ("cancelled", "已取消"),
                            ("undoing", "正在撤销"),
                            ("undone", "已撤销"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("failure", models.JSONField(editable=False, null=True)),
                ("tables", models.JSONField(default=list, editable=False)),
                ("notes", models.JSONField(default=list, editable=False)),
                ("unknown_units", models.JSONField(default=list, editable=False)),
                ("units", models.JSONField(default=dict, editable=False)),
                ("form_key", models.CharField(blank=True, editable=False, max_length=64)),
                ("unknown_columns", privacy.fields.EncryptedTextField(null=True)),
                ("columns_said", models.JSONField(default=dict, editable=False)),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总行数")),
                ("processed", models.PositiveIntegerField(default=0, verbose_name="已处理")),
                ("created_count", models.PositiveIntegerField(default=0, verbose_name="新增")),
                ("updated_count", models.PositiveIntegerField(default=0, verbose_name="更新")),
                ("merged_count", models.PositiveIntegerField(default=0, verbose_name="合并")),
                ("same_count", models.PositiveIntegerField(default=0, verbose_name="无变化")),
                ("refused_count", models.PositiveIntegerField(default=0, verbose_name="退回")),
                ("created_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="确认时间"),
                ),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                ("worker", models.CharField(blank=True, editable=False, max_length=32)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("reads", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("heartbeat_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "名单导入",
                "verbose_name_plural": "名单导入",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["department", "-id"], name="importrun_department")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
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
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="talents.importrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="import_piece_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Talent",
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
                        verbose_name="人才编号",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填写中"),
                            ("submitted", "待审核"),
                            ("verified", "已入库"),
                            ("returned", "待补充"),
                            ("left", "已退出"),
                            ("erased", "已删除"),
                            ("merged", "已并入"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("self", "本人注册"), ("import", "单位报送")],
                        default="self",
                        max_length=10,
                        verbose_name="来源",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reserve", "储备"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("national", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="人才层次",
                    ),
                ),
                ("tier_apart", models.CharField(editable=False, max_length=10, null=True)),
                ("full_name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                (
                    "pinyin_name",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="姓名拼音"
                    ),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "search_grams",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, editable=False, size=None
                    ),
                ),
                (
                    "id_number",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="身份证号"
                    ),
                ),
                (
                    "id_number_index",
                    privacy.fields.BlindIndexField(
                        "id_number", db_index=True, editable=False, max_length=64, null=True
                    ),
                ),
                ("birth_month", models.DateField(blank=True, null=True, verbose_name="出生年月")),
                (
                    "political_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("01", "中共党员"),
                            ("02", "中共预备党员"),
                            ("03", "共青团员"),
                            ("04", "民革党员"),
                            ("05", "民盟盟员"),
                            ("06", "民建会员"),
                            ("07", "民进会员"),
                            ("08", "农工党党员"),
                            ("09", "致公党党员"),
                            ("10", "九三学社社员"),
                            ("11", "台盟盟员"),
                            ("12", "无党派人士"),
                            ("13", "群众"),
                        ],
                        max_length=4,
                        verbose_name="政治面貌",
                    ),
                ),
                (
                    "unit_text",
                    models.CharField(blank=True, max_length=120, verbose_name="单位（未收录）"),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "professional_title",
                    models.CharField(blank=True, max_length=60, verbose_name="职称"),
                ),
                (
                    "title_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无职称"),
                            ("primary", "初级"),
                            ("intermediate", "中级"),
                            ("associate_senior", "副高级"),
                            ("senior", "正高级"),
                        ],
                        max_length=16,
                        verbose_name="职称级别",
                    ),
                ),
                (
                    "education_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("21", "大学本科"),
                            ("31", "大学专科"),
                            ("41", "中等专科"),
                            ("61", "普通高中"),
                            ("90", "其他"),
                        ],
                        max_length=4,
                        verbose_name="学历",
                    ),
                ),
                (
                    "degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="学位",
                    ),
                ),
                (
                    "school_and_major",
                    models.CharField(blank=True, max_length=200, verbose_name="毕业院校及专业"),
                ),
                (
                    "discipline",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("110", "数学"),
                            ("120", "信息科学与系统科学"),
                            ("130", "力学"),
                            ("140", "物理学"),
                            ("150", "化学"),
                            ("160", "天文学"),
                            ("170", "地球科学"),
                            ("180", "生物学"),
                            ("190", "心理学"),
                            ("210", "农学"),
                            ("220", "林学"),
                            ("230", "畜牧、兽医科学"),
                            ("240", "水产学"),
                            ("310", "基础医学"),
                            ("320", "临床医学"),
                            ("330", "预防医学与公共卫生学"),
                            ("340", "军事医学与特种医学"),
                            ("350", "药学"),
                            ("360", "中医学与中药学"),
                            ("410", "工程与技术科学基础学科"),
                            ("413", "信息与系统科学相关工程与技术"),
                            ("416", "自然科学相关工程与技术"),
                            ("420", "测绘科学技术"),
                            ("430", "材料科学"),
                            ("440", "矿山工程技术"),
                            ("450", "冶金工程技术"),
                            ("460", "机械工程"),
                            ("470", "动力与电气工程"),
                            ("480", "能源科学技术"),
                            ("490", "核科学技术"),
                            ("510", "电子与通信技术"),
                            ("520", "计算机科学技术"),
                            ("530", "化学工程"),
                            ("535", "产品应用相关工程与技术"),
                            ("540", "纺织科学技术"),
                            ("550", "食品科学技术"),
                            ("560", "土木建筑工程"),
                            ("570", "水利工程"),
                            ("580", "交通运输工程"),
                            ("590", "航空、航天科学技术"),
                            ("610", "环境科学技术及资源科学技术"),
                            ("620", "安全科学技术"),
                            ("630", "管理学"),
                            ("710", "马克思主义"),
                            ("720", "哲学"),
                            ("730", "宗教学"),
                            ("740", "语言学"),
                            ("750", "文学"),
                            ("760", "艺术学"),
                            ("770", "历史学"),
                            ("780", "考古学"),
                            ("790", "经济学"),
                            ("810", "政治学"),
                            ("820", "法学"),
                            ("830", "军事学"),
                            ("840", "社会学"),
                            ("850", "民族学与文化学"),
                            ("860", "新闻学与传播学"),
                            ("870", "图书馆、情报与文献学"),
                            ("880", "教育学"),
                            ("890", "体育科学"),
                            ("910", "统计学"),
                        ],
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
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
                    "discipline_detail",
                    models.CharField(blank=True, max_length=5, verbose_name="二级学科"),
                ),
                (
                    "industry_division",
                    models.CharField(blank=True, max_length=2, verbose_name="行业大类"),
                ),
                (
                    "research_fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="研究方向",
                    ),
                ),
                ("unit_since", models.DateField(blank=True, null=True, verbose_name="到岗年月")),
                (
                    "title_since",
                    models.DateField(blank=True, null=True, verbose_name="取得职称年份"),
                ),
                ("graduated", models.DateField(blank=True, null=True, verbose_name="毕业年份")),
                (
                    "overseas_study",
                    models.BooleanField(default=False, verbose_name="有海外学习经历"),
                ),
                (
                    "overseas_detail",
                    models.CharField(blank=True, max_length=120, verbose_name="海外学习经历"),
                ),
                (
                    "honours",
                    models.CharField(blank=True, max_length=2000, verbose_name="获奖及荣誉"),
                ),
                ("remark", models.CharField(blank=True, max_length=2000, verbose_name="备注")),
                (
                    "consent_reported",
                    models.BooleanField(default=False, verbose_name="单位注明本人同意"),
                ),
                (
                    "phone",
                    privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="手机号"),
                ),
                (
                    "phone_index",
                    privacy.fields.BlindIndexField(
                        "phone", db_index=True, editable=False, max_length=64, null=True
                    ),
                ),
                (
                    "email",
                    privacy.fields.EncryptedTextField(blank=True, null=True, verbose_name="邮箱"),
                ),
                (
                    "return_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="常用退回原因",
                    ),
                ),
                (
                    "return_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="退回原因"),
                ),
                ("paused_at", models.DateTimeField(blank=True, null=True, verbose_name="暂停时间")),
                ("paused_until", models.DateField(blank=True, null=True, verbose_name="暂停到")),
                (
                    "pause_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="暂停原因"),
                ),
                (
                    "moved_away_on",
                    models.DateField(blank=True, null=True, verbose_name="离开两江新区的日期"),
                ),
                (
                    "moved_away_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="登记离开的原因"),
                ),
                ("created_at", models.DateTimeField(verbose_name="建档时间")),
                ("updated_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                ),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="入库时间"),
                ),
                ("facts", models.JSONField(default=dict, editable=False)),
                (
                    "written_by",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        default="self",
                        editable=False,
                        max_length=6,
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="最近确认"),
                ),
                (
                    "confirmed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="由谁确认",
                    ),
                ),
                (
                    "confirm_from",
                    models.DateTimeField(editable=False, null=True, verbose_name="下次确认"),
                ),
                ("confirm_asked_at", models.DateTimeField(editable=False, null=True)),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talents",
                        to="accounts.department",
                        verbose_name="所属部门",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talents",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="talent",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
            ],
            options={
                "verbose_name": "女性科技人才",
                "verbose_name_plural": "女性科技人才",
                "ordering": ["-id"],
                "permissions": [
                    ("verify_talent", "可以审核人才档案"),
                    ("import_talent", "可以导入人才名单"),
                    ("reveal_talent", "可以查看完整身份证号与联系方式"),
                    ("export_talent", "可以导出人才名单"),
                    ("erase_talent", "可以办理删除个人信息"),
                ],
                "indexes": [
                    models.Index(fields=["department", "state", "-id"], name="talent_queue"),
                    models.Index(fields=["unit", "-id"], name="talent_unit"),
                    models.Index(fields=["state", "-id"], name="talent_state"),
                    models.Index(fields=["department", "-id"], name="talent_department"),
                    models.Index(fields=["full_name", "birth_month"], name="talent_name"),
                    models.Index(fields=["pinyin_name", "-id"], name="talent_pinyin"),
                    models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["submitted_at", "id"],
                        name="talent_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["department", "submitted_at", "id"],
                        name="talent_department_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "verified")),
                        fields=["confirm_from", "id"],
                        name="talent_confirm",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("confirm_asked_at", None),
                            ("state", "verified"),
                            ("user__isnull", False),
                        ),
                        fields=["confirm_from", "id"],
                        name="talent_to_ask",
                    ),
                    models.Index(fields=["pinyin_name", "birth_month"], name="talent_sound"),
                    models.Index(fields=["id"], include=("birth_month",), name="talent_born"),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["search_grams"], name="talent_grams"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", "verified"),
                            models.Q(("state", "left"), ("verified_at__isnull", False)),
                            _connector="OR",
                        ),
                        fields=("id_number_index",),
                        name="talent_id_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "verified"), _negated=True),
                            ("verified_at__isnull", False),
                            _connector="OR",
                        ),
                        name="talent_verified_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True),
                            models.Q(("return_reason", ""), _negated=True),
                            models.Q(("return_codes", []), _negated=True),
                            _connector="OR",
                        ),
                        name="talent_returned_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("paused_at__isnull", False),
                            models.Q(("pause_reason", ""), ("paused_until", None)),
                            _connector="OR",
                        ),
                        name="talent_pause_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moved_away_on__isnull", False),
                            ("moved_away_reason", ""),
                            _connector="OR",
                        ),
                        name="talent_moved_away_has_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "merged"), _negated=True),
                            ("user", None),
                            _connector="OR",
                        ),
                        name="talent_merged_has_no_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("moved_away_on", None), ("paused_at", None)),
                            models.Q(("state", "draft"), _negated=True),
                            _connector="OR",
                        ),
                        name="talent_fact_of_checked",
                    ),
                ],
            },
            bases=(talents.identity.models.NumbersMasked, models.Model),
        ),
        migrations.CreateModel(
            name="SharedRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, verbose_name="人才编号")),
                ("shared", models.BooleanField(verbose_name="向单位提供")),
                ("changed_at", models.DateTimeField(verbose_name="变化时间")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talents.talent",
                    ),
                ),
            ],
            options={
                "verbose_name": "向单位提供的记录",
                "verbose_name_plural": "向单位提供的记录",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "code"), name="shared_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=False, verbose_name="已公开")),
                (
                    "shown",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "姓名（不选则显示为“王*敏”）"),
                                ("unit", "单位"),
                                ("position", "职务"),
                                ("professional_title", "职称"),
                                ("discipline", "学科"),
                                ("research_fields", "研究方向"),
                                ("achievement", "成果"),
                                ("honours", "获奖及荣誉"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                        verbose_name="公开的内容",
                    ),
                ),
                ("code", models.CharField(default=kernel.ids.code, max_length=12, unique=True)),
                (
                    "name",
                    models.SlugField(max_length=60, null=True, unique=True, verbose_name="地址"),
                ),
                (
                    "may_be_indexed",
                    models.BooleanField(default=False, verbose_name="允许搜索引擎收录"),
                ),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "talent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="public_page",
                        to="talents.talent",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开主页",
                "verbose_name_plural": "公开主页",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("name", None), ("shown__contains", ["name"]), _connector="OR"
                        ),
                        name="public_name_is_shown",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办理时间"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待核对"),
                            ("accepted", "已更正"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("replaced", "已被新申请代替"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "old_full_name",
                    models.CharField(blank=True, max_length=60, verbose_name="原姓名"),
                ),
                ("full_name", models.CharField(blank=True, max_length=60, verbose_name="新姓名")),
                (
                    "old_birth_month",
                    models.DateField(blank=True, null=True, verbose_name="原出生年月"),
                ),
                ("birth_month", models.DateField(blank=True, null=True, verbose_name="新出生年月")),
                (
                    "old_id_number",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="原身份证号"
                    ),
                ),
                (
                    "id_number",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="新身份证号"
                    ),
                ),
                (
                    "old_unit_name",
                    models.CharField(blank=True, max_length=120, verbose_name="原单位"),
                ),
                ("unit_name", models.CharField(blank=True, max_length=120, verbose_name="新单位")),
                (
                    "old_position",
                    models.CharField(blank=True, max_length=80, verbose_name="原职务"),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="新职务")),
                (
                    "old_professional_title",
                    models.CharField(blank=True, max_length=60, verbose_name="原职称"),
                ),
                (
                    "professional_title",
                    models.CharField(blank=True, max_length=60, verbose_name="新职称"),
                ),
                (
                    "reason",
                    models.CharField(blank=True, max_length=200, verbose_name="未通过的原因"),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
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
                        verbose_name="由单位提出",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正申请",
                "verbose_name_plural": "更正申请",
                "ordering": ["-id"],
                "permissions": [("reveal_proposal", "可以查看更正中的完整身份证号")],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["proposed_at", "id"],
                        name="proposal_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting"), ("unit", None)),
                        fields=("talent",),
                        name="proposal_waiting_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("talent", "unit"),
                        name="unit_proposal_waiting_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="proposal_refused_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pair",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("id_number", "身份证号相同"),
                                ("phone", "手机号相同"),
                                ("work", "姓名、出生年月和单位相同"),
                                ("sound", "姓名读音和出生年月相同"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="相同之处",
                    ),
                ),
                ("weight", models.PositiveSmallIntegerField(verbose_name="可能性")),
                ("found_at", models.DateTimeField(verbose_name="发现时间")),
                ("apart_at", models.DateTimeField(blank=True, null=True, verbose_name="判断时间")),
                (
                    "apart_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="判断理由"),
                ),
                (
                    "apart_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="判断人",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="档案",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="另一份档案",
                    ),
                ),
            ],
            options={
                "verbose_name": "可能重复的档案",
                "verbose_name_plural": "可能重复的档案",
                "ordering": ["-weight", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("apart_at", None)),
                        fields=["-weight", "id"],
                        name="pair_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))), name="pair_in_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("apart_at", None), ("apart_reason", "")),
                            models.Q(
                                ("apart_at__isnull", False),
                                models.Q(("apart_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="pair_apart_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("trace", privacy.fields.EncryptedTextField(blank=True, null=True)),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("at", models.DateTimeField(verbose_name="合并时间")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="talents.talent",
                        verbose_name="保留的档案",
                    ),
                ),
                (
                    "lost",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_into",
                        to="talents.talent",
                        verbose_name="并入的档案",
                    ),
                ),
            ],
            options={
                "verbose_name": "档案合并",
                "verbose_name_plural": "档案合并",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("trace__isnull", False)),
                        fields=["at"],
                        name="merge_traced",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("lost",), name="merge_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("lost")), _negated=True),
                        name="merge_of_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("undone_at", None), ("trace__isnull", True), _connector="OR"
                        ),
                        name="merge_undone_has_no_trace",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("line", models.PositiveIntegerField(verbose_name="行号")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("create", "新增"),
                            ("update", "更新"),
                            ("merge", "合并"),
                            ("same", "无变化"),
                            ("refuse", "退回"),
                        ],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("merge_with", models.PositiveIntegerField(null=True)),
                ("has_doubt", models.BooleanField(default=False)),
                ("content", privacy.fields.EncryptedTextField(null=True)),
                ("words", privacy.fields.EncryptedTextField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="talents.importrun",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="talents.talent",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入行",
                "verbose_name_plural": "导入行",
                "ordering": ["number"],
                "indexes": [
                    models.Index(fields=["run", "outcome", "number"], name="importrow_outcome"),
                    models.Index(
                        condition=models.Q(("applied_at", None)),
                        fields=["run", "number"],
                        name="importrow_open",
                    ),
                    models.Index(fields=["run", "line"], name="importrow_line"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="importrow_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCareerEntry",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("education", "教育经历"),
                            ("employment", "工作经历"),
                            ("title", "职称经历"),
                            ("tier", "人才称号"),
                            ("achievement", "成果"),
                            ("overseas", "海外经历"),
                            ("language", "语言"),
                            ("post", "社会兼职"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("sort", models.CharField(blank=True, max_length=16, verbose_name="种类")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="名称")),
                (
                    "organisation",
                    models.CharField(blank=True, max_length=120, verbose_name="单位或机构"),
                ),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="角色")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="编号")),
                ("began", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("ended", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="更新时间")),
                (
                    "deleted_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="删除时间"),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "履历修改记录",
                "verbose_name_plural": "historical 履历",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("herself", "本人在线申请"),
                            ("written", "本人书面申请，经办人代办"),
                            ("restored", "恢复备份后重新删除"),
                        ],
                        max_length=10,
                        verbose_name="依据",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待期"),
                            ("withdrawn", "已撤回"),
                            ("done", "已删除"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                ("due_at", models.DateTimeField(verbose_name="删除时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="办结时间")),
                ("counts", models.JSONField(default=dict, verbose_name="已处理")),
                (
                    "sweep_failures",
                    models.PositiveSmallIntegerField(
                        default=0, editable=False, verbose_name="失败次数"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="talents.talent",
                        verbose_name="档案",
                    ),
                ),
            ],
            options={
                "verbose_name": "删除个人信息",
                "verbose_name_plural": "删除个人信息",
                "ordering": ["-id"],
                "permissions": [("retry_erasure", "可以重试没有成功的删除")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="erasure_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user__isnull", False), ("talent__isnull", False), _connector="OR"
                        ),
                        name="erasure_is_about_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="erasure_ended_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("user",),
                        name="erasure_of_user_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("talent",),
                        name="erasure_of_record_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Endorsement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="推荐时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="endorsements",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "单位推荐意见",
                "verbose_name_plural": "单位推荐意见",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("talent", "unit"),
                        name="endorsement_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by", None), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="endorsement_on_paper_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="办理时间"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待核对"),
                            ("granted", "已认领"),
                            ("refused", "未通过"),
                            ("withdrawn", "已撤回"),
                            ("undone", "认领已撤销"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("full_name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "id_number",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="身份证号"
                    ),
                ),
                (
                    "phone",
                    privacy.fields.EncryptedTextField(
                        blank=True, null=True, verbose_name="报送时的手机号"
                    ),
                ),
                ("unit_text", models.CharField(blank=True, max_length=120, verbose_name="单位")),
                ("code", privacy.fields.EncryptedTextField(blank=True, null=True)),
                ("code_address", privacy.fields.EncryptedTextField(blank=True, null=True)),
                ("code_sends", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("code_sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("before", privacy.fields.EncryptedTextField(blank=True, null=True)),
                ("address", models.CharField(blank=True, editable=False, max_length=64)),
                ("by_phone", models.BooleanField(default=False, verbose_name="由报送的手机号证明")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="所属部门",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "kept",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kept_by",
                        to="talents.talent",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="talents.talent",
                        verbose_name="相符的档案",
                    ),
                ),
            ],
            options={
                "verbose_name": "认领申请",
                "verbose_name_plural": "认领申请",
                "ordering": ["-id"],
                "permissions": [("reveal_claim", "可以查看认领申请中的完整号码")],
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["department", "asked_at", "id"],
                        name="claim_waiting",
                    ),
                    models.Index(fields=["user", "asked_at"], name="claim_user"),
                    models.Index(fields=["address", "asked_at"], name="claim_address"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="claim_decided_has_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("user",),
                        name="claim_waiting_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "granted")),
                        fields=("talent",),
                        name="claim_granted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["granted", "undone"]), _negated=True),
                            ("talent__isnull", False),
                            _connector="OR",
                        ),
                        name="claim_granted_has_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["refused", "undone"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="claim_refused_has_reason",
                    ),
                ],
            },
            bases=(talents.identity.models.NumbersMasked, models.Model),
        ),
        migrations.CreateModel(
            name="CareerSnapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                ("unit_id", models.BigIntegerField(null=True, verbose_name="单位")),
                ("department_id", models.BigIntegerField(verbose_name="所属部门")),
                (
                    "unit_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("enterprise", "企业"),
                            ("research_institute", "科研院所"),
                            ("school", "学校"),
                            ("hospital", "医院"),
                            ("association", "协会社团"),
                            ("bank", "银行"),
                            ("government", "机关"),
                        ],
                        max_length=20,
                        verbose_name="单位类型",
                    ),
                ),
                ("position", models.CharField(blank=True, max_length=80, verbose_name="职务")),
                (
                    "title_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "无职称"),
                            ("primary", "初级"),
                            ("intermediate", "中级"),
                            ("associate_senior", "副高级"),
                            ("senior", "正高级"),
                        ],
                        max_length=16,
                        verbose_name="职称级别",
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reserve", "储备"),
                            ("district", "区级"),
                            ("city", "市级"),
                            ("national", "国家级"),
                        ],
                        max_length=10,
                        verbose_name="人才层次",
                    ),
                ),
                (
                    "education_level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("11", "博士研究生"),
                            ("14", "硕士研究生"),
                            ("21", "大学本科"),
                            ("31", "大学专科"),
                            ("41", "中等专科"),
                            ("61", "普通高中"),
                            ("90", "其他"),
                        ],
                        max_length=4,
                        verbose_name="学历",
                    ),
                ),
                (
                    "degree",
                    models.CharField(
                        blank=True,
                        choices=[("2", "博士"), ("3", "硕士"), ("4", "学士")],
                        max_length=4,
                        verbose_name="学位",
                    ),
                ),
                (
                    "discipline",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("110", "数学"),
                            ("120", "信息科学与系统科学"),
                            ("130", "力学"),
                            ("140", "物理学"),
                            ("150", "化学"),
                            ("160", "天文学"),
                            ("170", "地球科学"),
                            ("180", "生物学"),
                            ("190", "心理学"),
                            ("210", "农学"),
                            ("220", "林学"),
                            ("230", "畜牧、兽医科学"),
                            ("240", "水产学"),
                            ("310", "基础医学"),
                            ("320", "临床医学"),
                            ("330", "预防医学与公共卫生学"),
                            ("340", "军事医学与特种医学"),
                            ("350", "药学"),
                            ("360", "中医学与中药学"),
                            ("410", "工程与技术科学基础学科"),
                            ("413", "信息与系统科学相关工程与技术"),
                            ("416", "自然科学相关工程与技术"),
                            ("420", "测绘科学技术"),
                            ("430", "材料科学"),
                            ("440", "矿山工程技术"),
                            ("450", "冶金工程技术"),
                            ("460", "机械工程"),
                            ("470", "动力与电气工程"),
                            ("480", "能源科学技术"),
                            ("490", "核科学技术"),
                            ("510", "电子与通信技术"),
                            ("520", "计算机科学技术"),
                            ("530", "化学工程"),
                            ("535", "产品应用相关工程与技术"),
                            ("540", "纺织科学技术"),
                            ("550", "食品科学技术"),
                            ("560", "土木建筑工程"),
                            ("570", "水利工程"),
                            ("580", "交通运输工程"),
                            ("590", "航空、航天科学技术"),
                            ("610", "环境科学技术及资源科学技术"),
                            ("620", "安全科学技术"),
                            ("630", "管理学"),
                            ("710", "马克思主义"),
                            ("720", "哲学"),
                            ("730", "宗教学"),
                            ("740", "语言学"),
                            ("750", "文学"),
                            ("760", "艺术学"),
                            ("770", "历史学"),
                            ("780", "考古学"),
                            ("790", "经济学"),
                            ("810", "政治学"),
                            ("820", "法学"),
                            ("830", "军事学"),
                            ("840", "社会学"),
                            ("850", "民族学与文化学"),
                            ("860", "新闻学与传播学"),
                            ("870", "图书馆、情报与文献学"),
                            ("880", "教育学"),
                            ("890", "体育科学"),
                            ("910", "统计学"),
                        ],
                        max_length=4,
                        verbose_name="学科",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
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
                ("state", models.CharField(max_length=10, verbose_name="状态")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self", "本人填写"),
                            ("unit", "单位确认"),
                            ("staff", "工作人员填写"),
                            ("import", "单位报送"),
                        ],
                        max_length=6,
                        verbose_name="来源",
                    ),
                ),
                ("was_state", models.CharField(blank=True, default="", max_length=10)),
                ("was_title_level", models.CharField(blank=True, default="", max_length=16)),
                ("was_tier", models.CharField(blank=True, default="", max_length=10)),
                ("was_discipline", models.CharField(blank=True, default="", max_length=4)),
                ("was_industry", models.CharField(blank=True, default="", max_length=2)),
                ("was_unit_kind", models.CharField(blank=True, default="", max_length=20)),
                ("was_unit_id", models.BigIntegerField(null=True)),
                ("was_department_id", models.BigIntegerField(null=True)),
                ("corrected", models.BooleanField(default=False)),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="记录时间",
                    ),
                ),
                (
                    "talent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="snapshots",
                        to="talents.talent",
                        verbose_name="人才",
                    ),
                ),
            ],
            options={
                "verbose_name": "履历快照",
                "verbose_name_plural": "履历快照",
                "indexes": [
                    models.Index(fields=["talent", "-day", "-id"], name="snapshot_of_talent"),
                    models.Index(fields=["day", "state"], name="snapshot_day"),
                    models.Index(
                        condition=models.Q(("state", "submitted")),
                        fields=["talent", "id"],
                        name="snapshot_void",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "day__lte",
                                django.db.models.functions.datetime.TruncDate("recorded_at"),
                            )
                        ),
                        name="snapshot_not_in_future",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="careerentry",
            name="talent",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="career",
                to="talents.talent",
                verbose_name="人才",
            ),
        ),
        migrations.CreateModel(
            name="TrendFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("computed_at", models.DateTimeField(verbose_name="计算时间")),
                ("figures", models.JSONField()),
                (
                    "department",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.department",
                        verbose_name="部门",
                    ),
                ),
            ],
            options={
                "verbose_name": "发展趋势",
                "verbose_name_plural": "发展趋势",
                "constraints": [
                    models.UniqueConstraint(
                        models.Value(1),
                        condition=models.Q(("department", None)),
                        name="trends_of_all_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitConfirmation",
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
                ("at", models.DateTimeField(db_index=True)),
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
                "verbose_name": "单位核对",
                "verbose_name_plural": "单位核对",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "key"), name="unit_confirmation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=64)),
                ("fields", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("department", "form"), name="mapping_of_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidencePiece",
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
                    "evidence",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pieces",
                        to="talents.evidence",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("evidence", "number"), name="evidence_piece_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="careerentry",
            index=models.Index(fields=["talent", "kind"], name="entry_talent"),
        ),
    ]
