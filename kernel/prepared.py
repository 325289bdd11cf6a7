"""Queries whose SQL is built once: later calls only fill in the values.

Having the ORM build a query costs more than PostgreSQL needs to answer it (some 0.5 ms), and each trip to
the database as much again. What is asked for every page of everybody who is signed in is built once in
each process, by the same QuerySets that say the rules elsewhere, and several such queries go in one trip:

    UNREAD = Prepared(lambda who, at: Notice.objects.visible_to(who, at).unread(), who="accounts.User", at=datetime)
    UNREAD(who=user, at=now)                          # a list, as the QuerySet would give it
    together({"unread": UNREAD, ...}, who=user, at=now)   # {"unread": list, ...} by one statement

PostgreSQL plans each once for a connection as well (`Statement`): where rows are found by keys, planning a query takes
longer than answering it.

The function sees stand-ins instead of values, so it may put them into filters and nothing else: a value
that is computed with (`at - timedelta(days=1)`) or decided by is refused when the SQL is built.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Field, JSONField, Lookup, Model
from django.db.models.query import get_related_populators


class Statement:
    """SQL with named places, `%(who)s`, that PostgreSQL plans once for each connection, not for each call.

    `types` names the PostgreSQL type of each place. Behind PgBouncer, where each transaction may be another
    connection's, it is sent whole each time.
    """

    def __init__(self, sql, **types):
        self.sql = sql
        numbered = {name: f"${n}" for n, name in enumerate(types, 1)}
        digest = hashlib.sha256(f"{sql} {types}".encode()).hexdigest()
        self.name = f"portal_{digest[:20]}"
        self.preparation = f"PREPARE {self.name} ({', '.join(types.values())}) AS {sql % numbered}"
        self.execution = f"EXECUTE {self.name} ({', '.join(f'%({name})s' for name in types)})"

    def execute(self, cursor, values):
        """Run it by a cursor of the default connection, with a value for each place."""
        if settings.DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
            cursor.execute(self.sql, values)
            return
        if self.name not in connection.statements:
            self._prepare()
        cursor.execute(self.execution, values)

    def _prepare(self):
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(self.preparation)
        connection.statements.add(self.name)


@Field.register_lookup
class AnyOf(Lookup):
    """`code__any=[...]`: as `__in`, but one parameter whatever the number of values."""

    lookup_name = "any"

    def get_prep_lookup(self):
        """Take the list as it is."""
        return self.rhs

    def get_db_prep_lookup(self, value, connection):
        """Hand the list over as one parameter."""
        return "%s", [value]

    def as_sql(self, compiler, connection):
        """Return `column = ANY(list)`."""
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*left_values, *right_values]


# Of the kinds that a Prepared query takes; any other is a model, which stands for its key.
TYPES = {datetime: "timestamptz", str: "text", list: "text[]"}


@dataclass(frozen=True)
class Plan:
    """What a Prepared query was built into: SQL with named places, and how its rows become objects."""

    sql: str
    select: list  # what Django's compiler selected: (expression, …) for each column
    converters: dict
    klass_info: dict | None  # of a query for instances
    annotations: dict

    @cached_property
    def names(self):
        """Return the columns of the instance itself, as the model calls them."""
        return [self.select[place][0].target.attname for place in range(*self.places)]

    @cached_property
    def places(self):
        """Return where the columns of the instance itself begin and end."""
        fields = self.klass_info["select_fields"]
        return fields[0], fields[-1] + 1

    @cached_property
    def takers(self):
        """Return for each column what makes its value of the JSON one, None where that is the value."""
        fields = [column[0].output_field for column in self.select]
        return [None if isinstance(field, JSONField) else field.to_python for field in fields]


class Prepared:
    """A query built once from `build(**stand-ins)`; `kinds` names its parameters and what each of them is.

    A kind is a model's label ("accounts.User": the instance or a primary key is given), `datetime`, `str`
    or `list`. Called with the values it returns a list of what the QuerySet would yield: instances, or
    tuples for `values_list`.
    """

    def __init__(self, build, **kinds):
        self.build, self.kinds = build, kinds

    def __call__(self, **values):
        """Ask and return the rows as a list."""
        with connection.cursor() as cursor:
            self._statement.execute(cursor, _values(values))
            return self.objects(cursor.fetchall())

    @cached_property
    def _statement(self):
        return Statement(self.plan.sql, **self.types)

    @cached_property
    def types(self):
        """Return {name: PostgreSQL's type} of the parameters."""
        return {name: TYPES.get(kind, "bigint") for name, kind in self.kinds.items()}

    def counted(self, **places):
        """Return SQL for the number of rows, for use inside another statement that has `places` for the values."""
        sql = self.plan.sql
        for name, place in places.items():
            sql = sql.replace(f"%({name})s", place)
        return f"(SELECT count(*) FROM ({sql}) AS n)"  # noqa: S608 (built by the ORM)

    @cached_property
    def as_json(self):
        """Return SQL for one text value: the rows as a JSON list of lists."""
        columns = [f"c{n}" for n in range(len(self.plan.select))]
        shown = ", ".join(
            f"{column}::text" if isinstance(chosen[0].output_field, JSONField) else column
            for column, chosen in zip(columns, self.plan.select, strict=True)
        )
        rows = f"({self.plan.sql}) AS part({', '.join(columns)})"
        return f"(SELECT json_agg(json_build_array({shown}))::text FROM {rows})"  # noqa: S608 (built by the ORM)

    @cached_property
    def plan(self):
        """Return the Plan, built when the query is asked for the first time."""
        (sql, given, compiler), (_sql, others, _compiler) = self._compiled(1), self._compiled(2)
        names = {key: name for name, key in self._keys(1).items()}
        places = []
        for value, other in zip(given, others, strict=True):
            if _key(value) in names:
                places.append(f"%({names[_key(value)]})s")
            elif value == other:
                places.append(_literal(value))
            else:
                raise TypeError("a prepared query computes with a value it does not know yet")
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return Plan(
            sql.replace("%%", "%%%%") % tuple(places),
            compiler.select,
            converters,
            compiler.klass_info,
            compiler.annotation_col_map,
        )

    def objects(self, rows):
        """Return rows of the plan's columns as the QuerySet would yield them."""
        plan = self.plan
        rows = [list(row) for row in rows]
        for position, (converters, expression) in plan.converters.items():
            for row in rows:
                for convert in converters:
                    row[position] = convert(row[position], expression, connection)
        if plan.klass_info is None:
            return [tuple(row) for row in rows]
        return [self._instance(row) for row in rows]

    def _instance(self, row):
        """Return the model's instance of a row, with related ones and annotations: as Django's ModelIterable."""
        plan = self.plan
        first, last = plan.places
        found = plan.klass_info["model"].from_db(connection.alias, plan.names, row[first:last])
        for populator in self._populators:
            populator.populate(row, found)
        for name, place in plan.annotations.items():
            setattr(found, name, row[place])
        return found

    @cached_property
    def _populators(self):
        return get_related_populators(self.plan.klass_info, self.plan.select, connection.alias)

    def _compiled(self, turn):
        """Return (SQL, its values, the compiler) for the stand-ins of a turn."""
        stand_ins = {
            name: _stand_in(kind, turn, n) for n, (name, kind) in enumerate(self.kinds.items())
        }
        query = self.build(**stand_ins)
        compiler = query.query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        if query._fields is not None:
            compiler.klass_info = None
        return sql, values, compiler

    def _keys(self, turn):
        return {
            name: _key(_stand_in(kind, turn, n))
            for n, (name, kind) in enumerate(self.kinds.items())
        }


def together(queries, **values):
    """Ask several Prepared queries by one statement; returns {name: list}.

    Each comes back as one JSON text, so they may have nothing binary among their columns.
    """
    if not queries:
        return {}
    with connection.cursor() as cursor:
        _statement_of(tuple(queries.values())).execute(cursor, _values(values))
        found = cursor.fetchone()
    return {
        name: query.objects(_from_json(query.plan, text))
        for (name, query), text in zip(queries.items(), found, strict=True)
    }


@cache
def _statement_of(queries):
    types = {name: of for query in queries for name, of in query.types.items()}
    return Statement(f"SELECT {', '.join(query.as_json for query in queries)}", **types)


def _from_json(plan, text):
    """Return the rows of one part with the types a cursor would have given them."""
    return [
        [
            take(value) if take is not None and value is not None else value
            for take, value in zip(plan.takers, row, strict=True)
        ]
        for row in json.loads(text or "[]")
    ]


def _values(values):
    return {name: value.pk if isinstance(value, Model) else value for name, value in values.items()}


def _literal(value):
    """Return a value that never changes as SQL text, its percent signs kept for the parameters to come."""
    with connection.cursor() as cursor:
        return cursor.mogrify("%s", [value]).decode().replace("%", "%%")


def _stand_in(kind, turn, n):
    """Return a value no row has, told apart by its parameter and its turn."""
    number = 9_000_000_000_000_000_000 + 1000 * turn + n
    if isinstance(kind, str):
        return apps.get_model(kind)(pk=number)
    if kind is datetime:
        return datetime(1800, 1, turn, tzinfo=UTC) + timedelta(microseconds=n)
    return kind((str(number),)) if kind is list else str(number)


def _key(value):
    value = value.pk if isinstance(value, Model) else value
    return ("list", *value) if isinstance(value, list) else value
