"""What the mall shows beside its products: banners, zones, live rooms, videos, notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isqrt
from typing import Any

from jobs.seed.dice import Dice, Wheel
from jobs.seed.plans import MemberPlan, ProductPlan, ShopPlan, picture
from jobs.seed.size import Size
from jobs.seed.words.stories import (
    BANNERS,
    LIVE_TITLES,
    NOTE_BODIES,
    NOTE_TITLES,
    VIDEO_TITLES,
    ZONES,
)
from models.content.tables import Entry, EntryProduct
from models.states import EntryKind, EntryState, TargetKind, Trade

Rows = dict[type[Any], list[dict[str, Any]]]


def entry_score(likes: int, viewers: int, sales: int) -> int:
    """Rank of an entry in lists: square roots steady the counts; a like tells ten times what a view tells."""
    return isqrt(10_000 * likes) + isqrt(1_000 * viewers) + isqrt(10_000 * sales)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What content is made about: best sellers first, by root and by shop."""

    by_root: dict[str, list[ProductPlan]]
    by_shop: dict[int, list[ProductPlan]]
    categories: dict[str, str]
    sales: Sequence[int]
    anchor: datetime

    @classmethod
    def of(
        cls,
        products: Sequence[ProductPlan],
        roots: dict[str, str],
        categories: dict[str, str],
        sales: Sequence[int],
        anchor: datetime,
    ) -> Shelf:
        by_root: dict[str, list[ProductPlan]] = defaultdict(list)
        by_shop: dict[int, list[ProductPlan]] = defaultdict(list)
        for plan in sorted(products, key=lambda plan: (-sales[plan.index], plan.index)):
            if plan.listed:
                by_root[roots[plan.leaf.slug]].append(plan)
                by_shop[plan.shop.index].append(plan)
        return cls(by_root, by_shop, categories, sales, anchor)

    def about(self, root: str, dice: Dice) -> ProductPlan:
        """A product that is worth writing about: the better it sells the likelier."""
        plans = self.by_root[root]
        return plans[len(plans) * dice.randrange(100) * dice.randrange(100) // 10_000]

    def beside(self, plan: ProductPlan, number: int, dice: Dice) -> list[ProductPlan]:
        """`plan` and up to `number` others of the same shop."""
        same = [other for other in self.by_shop[plan.shop.index] if other is not plan]
        return [plan, *dice.sample(same, min(number, len(same)))]


def _entry(kind: EntryKind, state: EntryState, **values: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "state": state,
        "media": [],
        "shop_id": None,
        "author_id": None,
        "author_name": "",
        "author_avatar": "",
        "target_kind": None,
        "target_id": None,
        "likes": 0,
        "viewers": 0,
        "score": 0,
        "ends_at": None,
        **values,
    }


def _links(entry_id: str, plans: Sequence[ProductPlan], at: datetime, dice: Dice) -> list[dict[str, Any]]:
    return [
        {"id": dice.id("enp", at), "entry_id": entry_id, "product_id": plan.id, "position": position}
        for position, plan in enumerate(plans, start=1)
    ]


def note_rows(size: Size, shelf: Shelf, authors: Sequence[MemberPlan], dice: Dice) -> Rows:
    """Notes of members about what they bought."""
    rows: Rows = {Entry: [], EntryProduct: []}
    roots = list(shelf.by_root)
    wheel = Wheel([len(shelf.by_root[root]) for root in roots])
    for _ in range(size.notes):
        root = roots[wheel.spin(dice)]
        plans = shelf.beside(shelf.about(root, dice), dice.choice((0, 1, 1, 2)), dice)
        author = dice.choice(authors)
        at = dice.between(max(shelf.anchor - timedelta(days=120), author.joined_at), shelf.anchor)
        likes, viewers = dice.bell(3, 900), dice.bell(60, 9_000)
        entry_id = dice.id("nte", at)
        rows[Entry].append(
            _entry(
                EntryKind.NOTE,
                EntryState.PUBLISHED,
                id=entry_id,
                title=dice.choice(NOTE_TITLES[root]).format(item=plans[0].item.name, city=plans[0].shop.city),
                body=dice.choice(NOTE_BODIES).format(shop=plans[0].shop.name, point=dice.choice(plans[0].leaf.points)),
                image=picture(plans[0], 2),
                media=[{"kind": "IMAGE", "url": picture(plan, 3), "alt": plan.name} for plan in plans],
                author_id=author.id,
                author_name=author.nickname,
                author_avatar=author.avatar,
                likes=likes,
                viewers=viewers,
                score=entry_score(likes, viewers, shelf.sales[plans[0].index]),
                starts_at=at,
            )
        )
        rows[EntryProduct].extend(_links(entry_id, plans, at, dice))
    return rows


def video_rows(size: Size, shelf: Shelf, dice: Dice) -> Rows:
    """Short videos of shops."""
    rows: Rows = {Entry: [], EntryProduct: []}
    roots = list(shelf.by_root)
    for number in range(size.videos):
        root = roots[number % len(roots)]
        plans = shelf.beside(shelf.about(root, dice), 1, dice)
        at = dice.between(shelf.anchor - timedelta(days=60), shelf.anchor)
        likes, viewers = dice.bell(20, 3_000), dice.bell(500, 60_000)
        entry_id = dice.id("vid", at)
        url = f"https://img.jishi.example/video/{plans[0].leaf.slug}-{plans[0].picture:03d}.mp4"
        rows[Entry].append(
            _entry(
                EntryKind.VIDEO,
                EntryState.PUBLISHED,
                id=entry_id,
                title=dice.choice(VIDEO_TITLES[root]).format(item=plans[0].item.name),
                body=plans[0].name,
                image=picture(plans[0], 3),
                media=[{"kind": "VIDEO", "url": url, "alt": plans[0].name, "seconds": dice.randint(12, 75)}],
                shop_id=plans[0].shop.id,
                author_name=plans[0].shop.name,
                likes=likes,
                viewers=viewers,
                score=entry_score(likes, viewers, shelf.sales[plans[0].index]),
                starts_at=at,
            )
        )
        rows[EntryProduct].extend(_links(entry_id, plans, at, dice))
    return rows


def live_rows(size: Size, shops: Sequence[ShopPlan], shelf: Shelf, dice: Dice) -> Rows:
    """Live rooms: on air, planned, ended."""
    rows: Rows = {Entry: [], EntryProduct: []}
    hosts = [shop for shop in shops if shop.specialty in LIVE_TITLES and shop.trade is not Trade.HOTEL]
    states = [EntryState.LIVE] * size.live + [EntryState.PLANNED, EntryState.ENDED] * max(size.live // 4, 1)
    for number, state in enumerate(states):
        shop = hosts[number * len(hosts) // len(states)]
        entry_id, entry = _live(number, shop, state, dice, shelf.anchor)
        rows[Entry].append(entry)
        pinned = shelf.by_shop[shop.index][: dice.randint(5, 8)]
        rows[EntryProduct].extend(_links(entry_id, pinned, entry["starts_at"], dice))
    return rows


def _live(number: int, shop: ShopPlan, state: EntryState, dice: Dice, anchor: datetime) -> tuple[str, dict[str, Any]]:
    starts_at, ends_at = {
        EntryState.LIVE: (anchor - timedelta(minutes=dice.randint(10, 170)), None),
        EntryState.PLANNED: (anchor + timedelta(hours=dice.randint(26, 160)), None),
        EntryState.ENDED: (anchor - timedelta(hours=28), anchor - timedelta(hours=25)),
    }[state]
    likes, viewers = (0, 0) if state is EntryState.PLANNED else (dice.bell(800, 40_000), dice.bell(300, 9_000))
    entry_id = dice.id("liv", anchor)
    stream = f"https://live.jishi.example/{entry_id}.m3u8"
    return entry_id, _entry(
        EntryKind.LIVE_ROOM,
        state,
        id=entry_id,
        title=LIVE_TITLES[shop.specialty][number % 2],
        body=f"{shop.name} 主播在线讲解，拍下直播间专享价",
        image=f"https://img.jishi.example/live/{shop.specialty}-{shop.index:04d}.jpg",
        media=[{"kind": "STREAM", "url": stream, "alt": shop.name}],
        shop_id=shop.id,
        author_name=shop.name,
        likes=likes,
        viewers=viewers,
        score=entry_score(likes, viewers, 0),
        starts_at=starts_at,
        ends_at=ends_at,
    )


def stage_rows(shelf: Shelf, live_ids: Sequence[str], dice: Dice) -> Rows:
    """Banners and activity zones; their targets take every kind in turn."""
    rows: Rows = {Entry: [], EntryProduct: []}
    for kind, prefix, texts in ((EntryKind.BANNER, "bnr", BANNERS), (EntryKind.ZONE, "zon", ZONES)):
        for place, (title, body, root) in enumerate(texts):
            if root in shelf.by_root:
                at = shelf.anchor - timedelta(days=dice.randint(1, 6))
                target, target_id = _target(place, root, shelf, live_ids, dice)
                rows[Entry].append(
                    _entry(
                        kind,
                        EntryState.PUBLISHED,
                        id=dice.id(prefix, at),
                        title=title,
                        body=body,
                        image=f"https://img.jishi.example/{kind.lower()}/{root}.jpg",
                        target_kind=target,
                        target_id=target_id,
                        # Editors place them: the first stands first.
                        score=1_000 - place,
                        starts_at=at,
                        ends_at=shelf.anchor + timedelta(days=dice.randint(10, 30)),
                    )
                )
    return rows


def _target(place: int, root: str, shelf: Shelf, live_ids: Sequence[str], dice: Dice) -> tuple[TargetKind, str]:
    best = shelf.by_root[root][0]
    match place % 4:
        case 0:
            return TargetKind.CATEGORY, shelf.categories[f"/{root}"]
        case 1:
            return TargetKind.PRODUCT, best.id
        case 2:
            return TargetKind.SHOP, best.shop.id
        case _:
            return TargetKind.LIVE_ROOM, dice.choice(live_ids)
