"""Stock: what can still be sold."""

from strawberry import federation

from resolvers.orders import stock as answers
from schema.access import ANYONE, STOCKKEEPERS, shown
from schema.entity import entity, stub
from schema.scalars import ID, Connection


@stub(row=answers.BranchKey, says="A place of a shop (门店).")
class Branch:
    id: ID = shown(to=ANYONE, says="Its id.")


@federation.type(description="What a branch has of a SKU (门店库存).")
class BranchStock:
    branch: Branch = shown(to=ANYONE, by=answers.branches_of, says="The branch.")
    in_stock: bool = shown(to=ANYONE, by=answers.in_stock_at, says="Whether it can still sell one.")
    available: int | None = shown(to=STOCKKEEPERS, says="Units that it can still sell.")
    on_hand: int | None = shown(to=STOCKKEEPERS, says="Units that it has.")
    held: int | None = shown(to=STOCKKEEPERS, says="Units promised to unpaid orders (占用).")


@entity(row=answers.SkuKey, by=answers.skus_by_key, says="A choice of a product that can be bought (规格).")
class Sku:
    id: ID = shown(to=ANYONE, says="Its id.")
    available: int | None = shown(
        to=ANYONE,
        by=answers.available_of,
        says=f"Units that can still be sold, in all branches, {answers.MOST_TOLD} where there are more; "
        "null where none has it.",
    )
    stock: Connection[BranchStock] | None = shown(to=ANYONE, by=answers.stock_of, says="The same, branch by branch.")


@entity(
    row=answers.FlashSaleItemKey,
    by=answers.flash_items_by_key,
    says="A product of the flash sale of the hour (秒杀).",
)
class FlashSaleItem:
    id: ID = shown(to=ANYONE, says="Its id.")
    total: int | None = shown(to=ANYONE, by=answers.totals_of, says="Units that the flash sale offers in all.")
    remaining: int | None = shown(to=ANYONE, by=answers.remaining_of, says="How many of them are still to be had.")
