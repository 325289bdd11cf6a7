"""Import a unit's form from the command line: the same preview and commit as in the admin."""

import json
import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Department, User
from kernel import masking
from kernel.errors import DomainError
from talents.imports import operations, rows, running
from talents.imports.models import ImportState, Outcome
from talents.imports.problems import Problem, WorkbookError
from talents.operations import home_department


class Command(BaseCommand):
    """Dry run unless told; names are masked in the output.

    Exit code 0: every row is taken. 1: some rows are refused (the others are written with --commit).
    2: the file or an argument cannot be used, nothing is written.
    """

    help = "预览或导入单位报送的人才信息采集表（.xlsx、.xls、.csv）；不加 --commit 只预览，不写入。"

    def add_arguments(self, parser):
        parser.add_argument("file", help="信息采集表，.xlsx、.xls 或 .csv")
        parser.add_argument("--commit", action="store_true", help="写入数据库（默认只预览）")
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")
        parser.add_argument("--department", help="所属部门代码，默认为妇联或 --by 的部门")
        parser.add_argument("--by", help="办理人的用户编号，记入审计日志")

    def handle(self, *args, **options):
        """Run; ends the process with the exit code."""
        by = self._by(options["by"])
        department = self._department(options["department"], by)
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"读不到文件：{error.strerror}", returncode=2) from error
        name = Path(options["file"]).name
        try:
            run, records = self._run(name, data, department, by, options["commit"])
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self._print_json(run, records, options["commit"])
        else:
            self._print_table(run, records, options["commit"])
        if run.refused_count:
            sys.exit(1)

    def _by(self, code):
        if not code:
            return None
        by = User.objects.filter(code=code, is_active=True).first()
        if by is None:
            raise CommandError("--by：没有这个用户。", returncode=2)
        return by

    def _department(self, code, by):
        if not code:
            return (by and by.department) or home_department()
        department = Department.objects.filter(code=code).first()
        if department is None:
            codes = "、".join(Department.objects.values_list("code", flat=True))
            raise CommandError(f"--department：没有这个部门，可用代码：{codes}。", returncode=2)
        return department

    def _run(self, name, data, department, by, commit):
        with transaction.atomic():
            run = operations.upload(
                file_name=name, data=data, department=department, by=by, now=timezone.now()
            )
            self._work(run)
            if run.state == ImportState.FAILED:
                failure = Problem.restored(run.failure)
                raise WorkbookError(failure.code, **failure.params)
            if not commit:
                records = list(run.rows.all())
                # A dry run leaves nothing, not even the run itself.
                transaction.set_rollback(True)
                return run, records
        operations.confirm(run=run, by=by, now=timezone.now())
        self._work(run)
        return run, list(run.rows.all())

    def _work(self, run):
        run.refresh_from_db()
        while run.is_working:
            if not running.work(run.pk):
                time.sleep(0.5)  # the worker was quicker than we
            run.refresh_from_db()

    def _print_json(self, run, records, commit):
        counts = {outcome.value: count for outcome, count in run.counts.items()}
        people = [self._person(record, run) for record in records]
        result = {"committed": commit, "rows": run.total, **counts, "notes": run.note_texts}
        self.stdout.write(json.dumps(result | {"people": people}, ensure_ascii=False, indent=1))

    def _person(self, record, run):
        row = rows.unpack(record, run)
        return {
            "row": record.line,
            "sheet": row.raw.sheet,
            "outcome": record.outcome,
            "name": masking.name(row.values["full_name"]),
            "merge_with": record.merge_with,
            "problems": [
                {"level": p.level, "code": p.code, "cell": p.cell, "message": p.message}
                for p in row.problems
            ],
        }

    def _print_table(self, run, records, commit):
        for record in records:
            person = self._person(record, run)
            label = str(Outcome(record.outcome).label)
            self.stdout.write(f"{record.line:>6}  {label}  {person['name'] or '—'}")
            for problem in person["problems"]:
                if problem["level"] != "info":
                    self.stdout.write(f"            {problem['cell']} {problem['message']}")
        for note in run.note_texts:
            self.stdout.write(note)
        mode = "已写入" if commit else "预览，未写入"
        counts = "，".join(f"{outcome.label} {count}" for outcome, count in run.counts.items())
        self.stdout.write(f"{mode}：共 {run.total} 行，{counts}。")
