"""The code of a small operation, as a reader sees it; and that no text of a client is in it."""

from __future__ import annotations

from tests.federation.execution.compiled.shop import Watched

EXPECTED = """\
async def resolve(run):
    columns, rows, kinds = run.columns, run.rows, run.kinds
    rows0 = rows[0]
    # Query
    columns[0] = shops_0 = await fetch_shops_0(run, rows0)
    found0 = objects(run, items(run, shops_0, required=False), required=True)
    kinds[0] = kinds0 = kinds_of_shops_0(run, found0)
    rows[1] = rows1 = of_kind(1, found0, kinds0)
    # Shop
    columns[1], columns[2] = goods_3, owner_5 = await gather(
        fetch_goods_3(run, rows1),
        fetch_owner_5(run, rows1),
    )
    rows[2] = rows2 = objects(run, items(run, goods_3, required=True), required=True)
    found5 = objects(run, owner_5, required=False)
    kinds[2] = kinds5 = kinds_of_owner_5(run, found5)
    rows[3] = rows3 = of_kind(3, found5, kinds5)


def complete(run):
    columns, rows, kinds = run.columns, run.rows, run.kinds
    # Good
    done2 = []
    add = done2.append
    for part in slices(rows[2]):
        for row in part:
            price_4 = row.price
            if price_4.__class__ is not int or not -0x80000000 <= price_4 <= 0x7fffffff: price_4 = Int_(price_4)
            add({
                'price': price_4,
            })
        yield
    # Person
    done3 = []
    add = done3.append
    for part in slices(rows[3]):
        for row in part:
            name_6 = row.name
            if name_6.__class__ is not str: name_6 = String_(name_6)
            add({
                'name': name_6,
            })
        yield
    # Shop
    each3 = iter(done2)
    each5 = iter(done3)
    done1 = []
    add = done1.append
    for part in slices(rows[1], columns[1], columns[2]):
        for row, goods_3, owner_5 in part:
            name_1 = row.name
            if name_1.__class__ is not str: name_1 = String_(name_1)
            city_2 = row.city
            if city_2 is not None and (city_2.__class__ is not str): city_2 = String_(city_2)
            goods_3 = list(islice(each3, len(goods_3)))
            owner_5 = None if owner_5 is None else next(each5)
            add({
                'name': name_1,
                'city': city_2,
                'goods': goods_3,
                'owner': owner_5,
            })
        yield
    # Query
    each0 = iter(done1)
    done0 = []
    add = done0.append
    for part in slices(rows[0], columns[0]):
        for row, shops_0 in part:
            shops_0 = None if shops_0 is None else list(islice(each0, len(shops_0)))
            add({
                'shops': shops_0,
            })
        yield
    return done0[0]
"""


def test_an_operation_is_printed_as_two_functions() -> None:
    code = Watched().compiled("{ shops { name city goods { price } owner { name } } }").source
    assert code == EXPECTED


def test_no_text_of_a_client_is_in_the_code_but_response_keys() -> None:
    text = """query Evil($evil1: String = "evil2") { evil3: named(name: $evil1) { name @include(if: true) }
        other: named(name: "evil4") { ...evil5 } } fragment evil5 on Shop { evil6: name }"""
    code = Watched().compiled(text).source
    assert [name for name in ("Evil", "evil1", "evil2", "evil3", "evil4", "evil5", "evil6") if name in code] == [
        "evil3",
        "evil6",
    ]
    assert "'evil3': named_0," in code
