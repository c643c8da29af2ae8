"""Rows that belong to somebody are reached through a scope: who reads them otherwise is named here, with the reason.

Every table is declared private or public. A statement that names a private table stands in a function that takes a
`Scope`, or in a `PrivateFeed`; a service that loads private rows says by which owner. Resolvers see no tables at all.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import MODULES
from models.base import AppendOnlyRow
from models.belonging import BELONGINGS, Elsewhere, Own, Under
from tests.support.statements import domain_of_table, models_of
from tests.test_architecture import ROOT, imports, sources

PRIVATE = frozenset(
    {
        *("trade", "shop_order", "order_line", "coupon", "group_place"),
        *(
            "address",
            "membership",
            "viewing",
            "credential",
            "session",
            "refresh_token",
            "second_factor",
            "recovery_code",
        ),
        *("platform_staff", "affinity", "staff", "notice"),
        *("person_key", "keeper_key", "consent", "export", "erasure"),
    }
)
PUBLIC = {
    "shop": "what a shop shows",
    "branch": "what a shop shows",
    "category": "the platform's tree",
    "product": "what a shop shows; every read asks for LISTED",
    "sku": "what a shop shows",
    "price_change": "prices that everybody saw",
    "promotion": "what a shop shows",
    "promotion_item": "what a shop shows",
    "shop_category": "what a shop shows",
    "stock": "shown as a sum that is capped; its columns are guarded",
    "quota": "shown with the promotion",
    "coupon_offer": "shown once it has begun; its columns are guarded",
    "buyer_group": "groups that wait for buyers; who they are stands in group_place",
    "member": "name and picture that others see; the other columns are guarded",
    "level": "what a shop shows",
    "market_month": "sums over many, for the platform",
    "market_cell": "sums over many, for the platform",
    "shop_band": "coarse on purpose, for its shop and the platform",
    "oversight_case": "why the platform reads of a shop: for that shop and the platform, as the rule of its type says",
    "throttle": "keyed hashes of what was tried, which no client reads",
    "entry": "what is published",
    "entry_product": "what is published",
    "signing_key": "public halves; the others are wrapped by a master key",
    "members_recall": "ids of sessions and persons, for processes of the mall",
    "shops_recall": "ids of persons, for processes of the mall",
}
OURS = re.compile(r".*_(outbox|heard|idempotency|audit|audit_seal|audit_unsealed)")
"""News on its way and keys of mutations, which no client reads; and the trail, which `models.trail` alone reads."""

UNSCOPED_READS = {
    "models/members/reads.py:keeper_keys_of": "wrapped keys for the keychain: without the master key they open nothing",
    "models/members/reads.py:data_keys_of": "wrapped keys for the keychain: without the master key they open nothing",
    "models/products/reads/categories.py:Recommended.source": "the viewer's own tastes rank what everybody sees",
}
READS_OF_JOBS = {
    "models/orders/market_reads.py:sales_between": "what is summed up and published once a month",
    "models/orders/market_reads.py:first_payment": "since when there is something to sum up",
}
UNSCOPED_LOADS = {
    "services/members/session.py:begin_attempt": "signing in: the caller is nobody yet, and proves to be the member",
    "services/members/persons.py:lock_person": "the office of a person whose session or password was proven",
    "services/members/platform.py:add": "that nobody is there twice",
    "services/members/platform.py:_check_security": "whether there is a security administrator",
    "services/members/platform.py:_at_work": "a security administrator ends and resets anybody",
    "services/members/platform.py:end": "a row that a security administrator has locked a line before",
    "services/members/platform.py:invite_again": "a row that a security administrator has locked a line before",
    "services/members/platform.py:activate": "the row whose activation code was shown",
    "services/members/platform.py:_invited": "who has the activation code is whom it was given to",
    "services/members/platform.py:begin_attempt": "signing in: the caller is nobody yet, and proves to be the person",
    "services/members/platform.py:office_of": "the office of a person whose session or password was proven",
    "services/members/refresh.py:holder_of": "staying signed in: who has the token is whose session it is",
    "services/members/refresh.py:refresh_session": "staying signed in: who has the token is whose session it is",
    "services/members/address.py:remove_address": "a row that was found by its member a line before",
    "services/members/privacy/erasure.py:erased_since": "the journal of erasures, for whoever erases again",
    "services/members/privacy/rotation.py:people_of": "a number, for the command that replaces keys",
    "services/members/privacy/rotation.py:logins": "a number, for the command that replaces keys",
    "services/members/privacy/rotation.py:_rewrap": "keys are replaced for everybody; nobody is answered",
    "services/members/privacy/rotation.py:_rehash": "keys are replaced for everybody; nobody is answered",
    "services/products/affinity.py:_like": "a row that was found by its member a line before",
}
SEEN_BY_RESOLVERS = re.compile(
    r"models\.(states|acts|scope|feeds|filtering|cached|trail)\b|models\.reading\.(OwnedRows|Order|NOW|Now|Cut|cut)$|models\.\w+\.(reads|\w+_reads|rows)\b"
    r"|models\.base\.open_database$|models\.repeating\.carry_out$"
)
SPOKEN_TO = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+[`\"]?([a-z_]+)", re.IGNORECASE)
LOADS = {"filter", "get", "get_or_none", "all", "exclude", "first", "values", "raw", "in_bulk", "select_for_update"}
OWNERS = {"member_id", "shop_id", "shop_id__in", "member_id__in", "author_id"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, path: str = "") -> Iterator[tuple[str, Function]]:
    """Every function with its name, behind that of its class."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from functions(node, f"{path}{node.name}.")
        elif isinstance(node, Function):
            yield f"{path}{node.name}", node
            yield from functions(node, path)


def tables_in(node: ast.AST) -> set[str]:
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return {table.lower() for text in texts for table in SPOKEN_TO.findall(text)}


def takes_scope(function: Function) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return any(argument.annotation and "Scope" in ast.unparse(argument.annotation) for argument in arguments)


def unscoped_reads(path: Path, place: str) -> set[str]:
    """Functions of the file that read private tables and take no scope."""
    return {
        f"{place}:{name}"
        for name, function in functions(ast.parse(path.read_text("utf-8")))
        if tables_in(function) & PRIVATE and not takes_scope(function)
    }


def unscoped_lists(path: Path, place: str) -> set[str]:
    """What is declared at the top of the file of private tables, and is no PrivateFeed: other lists, pieces of SQL."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign):
            name, value = ast.unparse(node.targets[0]), node.value
            private = tables_in(value) | (table_of(value) if isinstance(value, ast.Call) else set())
            if private & PRIVATE and not (isinstance(value, ast.Call) and ast.unparse(value.func) == "PrivateFeed"):
                found.add(f"{place}:{name}")
    return found


def table_of(call: ast.Call) -> set[str]:
    """The table of a list: its second argument, where that is a name."""
    return {argument.value for argument in call.args[1:2] if isinstance(argument, ast.Constant)}


def models_of_private_tables() -> set[str]:
    """The names of their classes."""
    found = set()
    for path in sources("models"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            table = re.search(r"table = '(\w+)'", ast.unparse(node)) if isinstance(node, ast.ClassDef) else None
            if table and isinstance(node, ast.ClassDef) and table[1] in PRIVATE:
                found.add(node.name)
    return found


def unowned_loads(path: Path, place: str) -> set[str]:
    """Functions of the file that load private rows without saying whose."""
    private, found = models_of_private_tables(), set()
    for name, function in functions(ast.parse(path.read_text("utf-8"))):
        for call in ast.walk(function):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
                continue
            model = call.func.value
            if isinstance(model, ast.Name) and model.id in private and call.func.attr in LOADS:
                said = {keyword.arg for keyword in call.keywords}
                if not said & OWNERS:
                    found.add(f"{place}:{name}")
    return found


def places(*floors: str) -> list[tuple[Path, str]]:
    return [(path, str(path.relative_to(ROOT))) for path in sources(*floors)]


def test_every_table_is_declared_private_or_public() -> None:
    tables = {table for table in domain_of_table() if not OURS.fullmatch(table)}
    assert tables == PRIVATE | set(PUBLIC)
    assert not PRIVATE & set(PUBLIC)


def test_every_table_says_whose_its_rows_are_in_a_backup() -> None:
    """`models/belonging.py`; `docs/backup.md` tells it to operators."""
    for domain in MODULES:
        models = {model._meta.db_table: model for model in models_of(domain)}
        assert set(BELONGINGS[domain]) == set(models)
        for table, kind in BELONGINGS[domain].items():
            columns = models[table]._meta.db_fields
            assert isinstance(kind, Elsewhere) or kind.column in columns
            if "shop_id" in columns:
                assert not isinstance(kind, Elsewhere) or table == "oversight_case", f"{table} has a shop's rows"
            if issubclass(models[table], AppendOnlyRow):
                assert not isinstance(kind, Own | Under), f"{table} is written once: nothing comes back into it"
            if isinstance(kind, Under):
                assert isinstance(BELONGINGS[domain][kind.table], Own)


def test_private_rows_are_read_through_a_scope() -> None:
    found = {name for path, place in places("models") for name in unscoped_reads(path, place)}
    assert found == {*UNSCOPED_READS, *READS_OF_JOBS}
    lists = {name for path, place in places("models") for name in unscoped_lists(path, place)}
    assert lists == {"models/orders/reads.py:_TAKEN_BY"}, "part of offers_to_take, which takes a scope"


def test_services_and_jobs_load_private_rows_by_their_owner() -> None:
    """Seeding and backups write and copy rows as they are: they never answer anybody."""
    floors = [(path, place) for path, place in places("services", "jobs") if not place.startswith("jobs/seed/")]
    assert {name for path, place in floors for name in unowned_loads(path, place)} == set(UNSCOPED_LOADS)


def test_resolvers_see_no_tables() -> None:
    seen = {
        f"{place}: {name}"
        for path, place in places("resolvers")
        for name in imports(path)
        if name.startswith("models.") and not SEEN_BY_RESOLVERS.match(name)
    }
    assert seen == set()


def test_what_is_read_for_jobs_answers_nobody() -> None:
    names = {place.rpartition(":")[2] for place in READS_OF_JOBS}
    called = {
        f"{place}: {node.attr}"
        for path, place in places("resolvers", "schema", "subgraphs")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in names
    }
    assert called == set()


def test_a_scope_is_made_of_the_viewer_alone() -> None:
    made = {}
    for path, place in places("resolvers", "services", "jobs", "subgraphs", "schema"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("Scope", "Scope.of", "Within", "Owners"):
                made[f"{place}:{call.lineno}"] = ast.unparse(call)
            if isinstance(call, ast.Attribute) and call.attr == "of_case":
                assert place == "services/orders/oversight.py", "a case opens a shop where the reading is on record"
    assert set(made.values()) <= {"Scope.of(viewer)", "Scope.of(context.viewer)"}
    assert len(made) > 10


@pytest.mark.parametrize(
    ("planted", "finder"),
    [
        ("async def orders(ids):\n    return await fetch('SELECT * FROM shop_order')", unscoped_reads),
        ("class Reads:\n    def all(self):\n        return f'SELECT 1 FROM coupon c WHERE {x}'", unscoped_reads),
        ("ORDERS = Feed('orders', 'shop_order', ShopOrderRow, ORDER)", unscoped_lists),
        ("LINES = Feed('orders', '(SELECT l.* FROM order_line l)', LineRow, ORDER)", unscoped_lists),
        ("_TAKEN = 'SELECT 1 FROM coupon'", unscoped_lists),
        ("async def ship(order_id):\n    return await ShopOrder.get(id=order_id)", unowned_loads),
        ("async def wallets():\n    return await Coupon.all()", unowned_loads),
    ],
)
def test_a_planted_unscoped_read_is_seen(planted: str, finder: object, tmp_path: Path) -> None:
    path = tmp_path / "planted.py"
    path.write_text(planted, "utf-8")
    assert callable(finder)
    assert len(finder(path, "planted.py")) == 1
