"""Reads the statements of SQL functions, and finds those that use a tenant table without the account of the tenant.

A use counts as limited where the table's `account_id` equals an argument or a variable, or the `account_id` of
something else in the statement that is limited itself. Only conditions that always hold are followed: those joined by
`and`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pglast import ast, parse_plpgsql, parse_sql
from pglast.enums import A_Expr_Kind, BoolExprType, SetOperation, SubLinkType

ACCOUNT = "account_id"
STATEMENT, ASSIGNMENT = 0, 3  # modes of the parser; 2 is an expression


class Function(NamedTuple):
    """A function as Postgres has it: `definition` is what creates it, `body` that of one in SQL."""

    name: str
    language: str
    definition: str
    body: str


class Statement(NamedTuple):
    """A statement of a function, and the tenant tables that it uses without their account."""

    text: str
    faults: tuple[str, ...]


@dataclass(eq=False)
class Node:
    """An account that a statement mentions: a table's, or an output column's, which is one of `branches`."""

    table: str = ""
    is_limited: bool = False
    same: list["Node"] = field(default_factory=list)
    branches: list["Node"] = field(default_factory=list)


Columns = dict[str, Node]  # of a source: those of its columns that hold an account


class Scope:
    """The sources that a query's columns can come from; those of the queries around it come after."""

    def __init__(self, outer: "Scope | None" = None) -> None:
        self.outer = outer
        self.sources: dict[str, Columns] = {}
        self.queries: dict[str, Columns] = {}  # of `with`

    def query(self, name: str) -> Columns | None:
        if name in self.queries:
            return self.queries[name]
        return self.outer.query(name) if self.outer else None

    def has(self, alias: str) -> bool:
        return alias in self.sources or (self.outer is not None and self.outer.has(alias))

    def column(self, alias: str | None, name: str) -> Node | None:
        for source, columns in self.sources.items():
            if alias in (None, source) and name in columns:
                return columns[name]
        if alias in self.sources:
            return None
        return self.outer.column(alias, name) if self.outer else None


class Reader:
    """Reads one statement of the function `name`. `tables` are the names of relations with an account."""

    def __init__(self, tables: Iterable[str], name: str = "") -> None:
        self.tables, self.name = set(tables), name
        self.nodes: list[Node] = []
        self.limit = Node(is_limited=True)

    def faults(self, tree: ast.Node) -> tuple[str, ...]:
        self.statement(tree, Scope())
        nodes = [self.limit]
        for node in nodes:
            nodes.extend(near for near in node.same if not near.is_limited)
            for near in node.same:
                near.is_limited = True
            if node is nodes[-1]:
                for derived in self.nodes:
                    if derived.branches and not derived.is_limited and all(b.is_limited for b in derived.branches):
                        derived.is_limited = True
                        nodes.append(derived)
        return tuple(sorted(node.table for node in self.nodes if node.table and not node.is_limited))

    def node(self, table: str = "", branches: Iterable[Node] = ()) -> Node:
        node = Node(table, branches=list(branches))
        self.nodes.append(node)
        return node

    def equal(self, one: Node | None, other: Node | None) -> None:
        if one is not None and other is not None:
            one.same.append(other)
            other.same.append(one)

    def statement(self, tree: Any, outer: Scope) -> Columns:
        """Read a query or a change; returns the accounts among its output columns, in their order, by name."""
        scope = Scope(outer)
        with_clause = getattr(tree, "withClause", None)
        for query in with_clause.ctes if with_clause else ():
            if with_clause.recursive:
                scope.queries[query.ctename] = {ACCOUNT: self.node()}
            columns = self.statement(query.ctequery, scope)
            if query.aliascolnames:
                names = [name.sval for name in query.aliascolnames]
                columns = dict(zip(names, columns.values(), strict=False))
            if with_clause.recursive and ACCOUNT in columns:
                self.equal(scope.queries[query.ctename][ACCOUNT], columns[ACCOUNT])
            scope.queries[query.ctename] = columns
        match tree:
            case ast.SelectStmt():
                return self.select(tree, scope)
            case ast.InsertStmt():
                return self.insert(tree, scope)
            case ast.UpdateStmt() | ast.DeleteStmt() | ast.MergeStmt():
                self.source(tree.relation, scope)
                if isinstance(tree, ast.MergeStmt):
                    self.source(tree.sourceRelation, scope)
                    self.condition(tree.joinCondition, scope)
                    self.expression(tree.mergeWhenClauses, scope)
                else:
                    clause = tree.fromClause if isinstance(tree, ast.UpdateStmt) else tree.usingClause
                    for source in clause or ():
                        self.source(source, scope)
                    self.condition(tree.whereClause, scope)
                    self.expression(getattr(tree, "targetList", None), scope)
                return self.outputs(returning(tree), scope)
        self.expression(tree, scope)
        return {}

    def select(self, tree: ast.SelectStmt, scope: Scope) -> Columns:
        if tree.op != SetOperation.SETOP_NONE:
            left, right = self.statement(tree.larg, scope), self.statement(tree.rarg, scope)
            pairs = zip(left, left.values(), right.values(), strict=False)
            return {name: self.node(branches=[one, other]) for name, one, other in pairs}
        for source in tree.fromClause or ():
            self.source(source, scope)
        self.condition(tree.whereClause, scope)
        rows = [[self.value(value, scope) for value in row] for row in tree.valuesLists or ()]
        for part in (tree.havingClause, tree.groupClause, tree.sortClause, tree.windowClause, tree.limitCount,
                     tree.limitOffset, tree.distinctClause, tree.valuesLists):  # fmt: skip
            self.expression(part, scope)
        if rows:
            return {f"column{n}": self.node(branches=column) for n, column in enumerate(zip(*rows, strict=True), 1)}
        return self.outputs(tree.targetList, scope)

    def insert(self, tree: ast.InsertStmt, scope: Scope) -> Columns:
        names = [column.name for column in tree.cols or ()]
        query = self.statement(tree.selectStmt, scope) if tree.selectStmt else {}
        columns = self.source(tree.relation, scope)
        values = list(query.values())
        if not names:
            # `values ((_row).*)` has columns without names.
            self.equal(columns.get(ACCOUNT), query.get(ACCOUNT) or next(iter(values), None))
        elif ACCOUNT in columns and ACCOUNT in names and names.index(ACCOUNT) < len(values):
            self.equal(columns[ACCOUNT], values[names.index(ACCOUNT)])
        conflict = tree.onConflictClause
        if conflict:
            scope.sources["excluded"] = columns
            self.expression((conflict.targetList, conflict.whereClause), scope)
        return self.outputs(returning(tree), scope)

    def outputs(self, targets: Any, scope: Scope) -> Columns:
        columns: Columns = {}
        for n, target in enumerate(targets or ()):
            self.expression(target.val, scope)
            fields = getattr(target.val, "fields", None)
            if isinstance(target.val, ast.A_Indirection) and isinstance(target.val.indirection[-1], ast.A_Star):
                # The row in a variable: `(_row).*`
                columns[ACCOUNT] = self.value(target.val.arg, scope)
                continue
            if fields and isinstance(fields[-1], ast.A_Star):
                alias = fields[0].sval if len(fields) > 1 else None
                for source, accounts in scope.sources.items():
                    if alias in (None, source):
                        columns.update(accounts)
                continue
            name = target.name or (fields[-1].sval if fields else f"?{n}")
            columns[name] = self.value(target.val, scope)
        return columns

    def value(self, value: Any, scope: Scope) -> Node:
        """The account that an expression is, if it is one."""
        while isinstance(value, ast.TypeCast):
            value = value.arg
        if isinstance(value, ast.ParamRef):
            return self.limit
        if isinstance(value, ast.ColumnRef) and all(isinstance(part, ast.String) for part in value.fields):
            *alias, name = (part.sval for part in value.fields)
            node = scope.column(alias[-1] if alias else None, name)
            if node is not None:
                return node
            # Arguments and variables begin with an underscore. In bodies that Postgres has parsed it writes
            # `function.argument`.
            first = (alias or [name])[0]
            if (first.startswith("_") or first == self.name) and not (alias and scope.has(first)):
                return self.limit
        if isinstance(value, ast.A_Indirection) and isinstance(value.indirection[-1], ast.String | ast.A_Star):
            return self.value(value.arg, scope)  # `(_row).account_id`, `(_row).*`
        if isinstance(value, ast.FuncCall) and value.funcname[-1].sval in ("min", "max") and value.args:
            return self.value(value.args[0], scope)
        return self.node()

    def source(self, tree: Any, scope: Scope) -> Columns:
        """Read an item of `from`; returns its columns with an account."""
        alias = getattr(tree, "alias", None)
        match tree:
            case ast.RangeVar():
                query = None if tree.schemaname else scope.query(tree.relname)
                if query is not None:
                    columns = query
                elif tree.relname in self.tables:
                    columns = {ACCOUNT: self.node(tree.relname)}
                elif tree.relname == "account":
                    columns = {"id": self.node()}
                else:
                    columns = {}
                name = alias.aliasname if alias else tree.relname
            case ast.RangeSubselect():
                columns, name = self.statement(tree.subquery, scope), alias.aliasname if alias else "?"
            case ast.JoinExpr():
                left, right = self.source(tree.larg, scope), self.source(tree.rarg, scope)
                if ACCOUNT in [part.sval for part in tree.usingClause or ()]:
                    self.equal(left.get(ACCOUNT), right.get(ACCOUNT))
                self.condition(tree.quals, scope)
                return left if ACCOUNT in left else right
            case _:
                self.expression(getattr(tree, "functions", None), scope)
                columns, name = {}, alias.aliasname if alias else "?"
                names = [part.sval for part in (alias.colnames if alias else None) or ()]
                scope.sources[name] = {column: self.node() for column in names}
                return scope.sources[name]
        if alias and alias.colnames:
            columns = dict(zip([part.sval for part in alias.colnames], columns.values(), strict=False))
        scope.sources[name] = columns
        return columns

    def condition(self, tree: Any, scope: Scope) -> None:
        """Read a condition that holds for every row."""
        match tree:
            case ast.BoolExpr(boolop=BoolExprType.AND_EXPR):
                for part in tree.args:
                    self.condition(part, scope)
                return
            case ast.A_Expr(kind=A_Expr_Kind.AEXPR_OP) if tree.name[-1].sval == "=":
                left, right = tree.lexpr, tree.rexpr
                if isinstance(left, ast.RowExpr) and isinstance(right, ast.RowExpr):
                    for one, other in zip(left.args, right.args, strict=True):
                        self.equal(self.value(one, scope), self.value(other, scope))
                else:
                    self.equal(self.value(left, scope), self.value(right, scope))
            case ast.SubLink(subLinkType=SubLinkType.ANY_SUBLINK) if not tree.operName:
                tests = tree.testexpr.args if isinstance(tree.testexpr, ast.RowExpr) else [tree.testexpr]
                columns = self.statement(tree.subselect, scope)
                for test, column in zip(tests, columns.values(), strict=False):
                    self.equal(self.value(test, scope), column)
                return
        self.expression(tree, scope)

    def expression(self, tree: Any, scope: Scope) -> None:
        """Read the queries inside an expression."""
        if isinstance(tree, ast.SubLink):
            self.statement(tree.subselect, scope)
            self.expression(tree.testexpr, scope)
        elif isinstance(tree, ast.SelectStmt):
            self.statement(tree, scope)
        elif isinstance(tree, ast.Node):
            for name in tree:
                self.expression(getattr(tree, name), scope)
        elif isinstance(tree, tuple | list):
            for part in tree:
                self.expression(part, scope)


def returning(tree: Any) -> Any:
    """The output columns of a change, in the grammars of Postgres 17 and 18."""
    clause = getattr(tree, "returningClause", None)
    return clause.exprs if clause else getattr(tree, "returningList", None)


def statements(function: Function, tables: Iterable[str]) -> Iterator[Statement]:
    """Each statement of a function."""
    name = function.name.partition("(")[0].rpartition(".")[2]
    for text in texts(function):
        for tree in parse_sql(text):
            yield Statement(text, Reader(tables, name).faults(tree.stmt))


def texts(function: Function) -> Iterator[str]:
    """The text of each statement and expression of a function, as statements."""
    if function.language == "sql":
        body = function.body.strip()
        if re.match(r"return\b", body, re.I):
            body = re.sub(r"^return\b", "select", body, flags=re.I)
        yield re.sub(r"^begin atomic(.*)end$", r"\1", body, flags=re.I | re.S)
        return
    # What libpg_query does not know of PL/pgSQL: types of schemas other than pg_catalog and public, and
    # `function.variable`.
    definition = re.sub(r"(?<=\s)fn\w*\.\w+(?=;|%rowtype)", "record", function.definition).replace(
        "record%rowtype", "record"
    )
    name = function.name.partition("(")[0].rpartition(".")[2]
    definition = re.sub(rf"(into |\w, ){name}\.(?=\w)", r"\1", definition)
    for mode, query in queries(parse_plpgsql(definition)):
        if mode >= ASSIGNMENT:
            query = re.sub(r"^\s*[\w.]+(\s*\[[^\]]*\])?\s*:?=", "", query, count=1)
        yield query if mode == STATEMENT else f"select {query}"


def queries(tree: Any) -> Iterator[tuple[int, str]]:
    """The texts that PL/pgSQL hands to the parser, each with the mode in which it does."""
    if isinstance(tree, dict):
        if "PLpgSQL_expr" in tree:
            yield tree["PLpgSQL_expr"]["parseMode"], tree["PLpgSQL_expr"]["query"]
        for value in tree.values():
            yield from queries(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from queries(value)
