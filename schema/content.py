"""What the mall shows beside its products: banners, zones, live rooms, videos, notes, and the feed of them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import federation
from strawberry.types import Info

from models import states
from resolvers import content as answers
from resolvers.context import Context
from schema import audit
from schema.access import ANYONE, MEMBER, shown
from schema.entity import entity, node, stub
from schema.filtering import by_number, by_time, where_of
from schema.payload import UserError, UserWarning
from schema.scalars import ID, Connection

LiveState = strawberry.enum(states.LiveState, description="Where a live room stands (直播状态).")


@federation.type(description="A picture (图片).")
class Picture:
    url: str = shown(to=ANYONE, says="Its address.")
    alt: str = shown(to=ANYONE, says="What is to be seen, for those who cannot see it.")


@federation.interface(description="What a person or a shop has published (内容).")
class Post:
    id: ID = shown(to=ANYONE, says="Its id.")
    title: str = shown(to=ANYONE, says="Its title.")
    image: str = shown(to=ANYONE, says="Its cover (封面).")
    likes: int = shown(to=ANYONE, says="How many like it (点赞).", sieve=by_number("likes"))
    published_at: datetime = shown(
        to=ANYONE, by=answers.published_at, says="Since when it is published.", sieve=by_time("starts_at")
    )


@stub(row=answers.CategoryKey, says="A node of the platform's category tree (类目).")
class Category:
    id: ID = shown(to=ANYONE, says="Its id.")


@entity(row=answers.ProductKey, by=answers.products_by_key, says="What a shop sells (商品).")
class Product:
    id: ID = shown(to=ANYONE, says="Its id.")
    notes: Connection[Annotated["Note", strawberry.lazy("schema.content")]] | None = shown(
        to=ANYONE, by=answers.notes_of_products, says="Notes that link it, the best first."
    )


@entity(row=answers.MemberRow, by=answers.members_by_key, says="A person who buys (会员).")
class Member:
    id: ID = shown(to=ANYONE, says="Its id.")
    nickname: str = shown(to=ANYONE, external=True, says="What others call the member (昵称).")
    avatar: str = shown(to=ANYONE, external=True, says="Square picture.")
    notes: Connection[Annotated["Note", strawberry.lazy("schema.content")]] | None = shown(
        to=ANYONE, by=answers.notes_of_members, says="Notes that the member has published, the best first."
    )


@entity(row=answers.ShopKey, by=answers.shops_by_key, says="A merchant's shop (店铺).")
class Shop:
    id: ID = shown(to=ANYONE, says="Its id.")
    live_rooms: Connection[Annotated["LiveRoom", strawberry.lazy("schema.content")]] | None = shown(
        to=ANYONE, by=answers.live_rooms_of_shops, inputs={"state": LiveState}, says="Its live rooms, the best first."
    )


@entity(row=answers.LiveRoomRow, by=answers.live_rooms_by_key, says="A live broadcast (直播间).")
class LiveRoom:
    id: ID = shown(to=ANYONE, says="Its id.")
    title: str = shown(to=ANYONE, says="Its title.")
    image: str = shown(to=ANYONE, says="Its cover (封面).")
    state: LiveState = shown(to=ANYONE, says="Planned, live or ended.")  # type: ignore[valid-type]
    shop: Shop | None = shown(to=ANYONE, by=answers.shops_of, says="The shop that broadcasts.")
    host: Member | None = shown(
        to=ANYONE, by=answers.authors_of, provides=["nickname", "avatar"], says="The person on screen (主播)."
    )
    viewers: int = shown(to=ANYONE, says="How many watch now, or have watched (观看).")
    likes: int = shown(to=ANYONE, says="How many like it (点赞).")
    starts_at: datetime = shown(to=ANYONE, says="When it begins or began.")
    ends_at: datetime | None = shown(to=ANYONE, says="When it ended; null before that.")
    products: Connection[Product] | None = shown(
        to=ANYONE, by=answers.products_of, says="Pinned products, in the order of the shelf (小黄车)."
    )


@entity(row=answers.VideoRow, by=answers.videos_by_key, says="A short video (短视频).")
class Video(Post):
    url: str | None = shown(to=ANYONE, by=answers.urls_of, says="Its file; null while it is being made.")
    seconds: int | None = shown(to=ANYONE, by=answers.seconds_of, says="How long it plays.")
    author: Member | None = shown(
        to=ANYONE, by=answers.authors_of, provides=["nickname", "avatar"], says="Who made it; null where a shop did."
    )
    shop: Shop | None = shown(to=ANYONE, by=answers.shops_of, says="Whose it is; null where a member's.")
    products: Connection[Product] | None = shown(to=ANYONE, by=answers.products_of, says="Linked products, in order.")


@entity(row=answers.NoteRow, by=answers.notes_by_key, says="A note of the community (种草笔记).")
class Note(Post):
    body: str = shown(to=ANYONE, says="Its text.")
    pictures: list[Picture] = shown(to=ANYONE, by=answers.pictures_of, says="Its pictures, in order.")
    author: Member | None = shown(
        to=ANYONE, by=answers.authors_of, provides=["nickname", "avatar"], says="Who wrote it."
    )
    products: Connection[Product] | None = shown(to=ANYONE, by=answers.products_of, says="Linked products, in order.")


Target = Annotated[
    Product | Shop | Category | LiveRoom, strawberry.union("Target", description="Where a banner or a zone leads.")
]
FeedItem = Annotated[
    Note | Video | LiveRoom, strawberry.union("FeedItem", description="What the community feed is made of.")
]


@node(row=answers.BannerRow, says="A banner (轮播图).")
class Banner:
    id: ID = shown(to=ANYONE, says="Its id.")
    title: str = shown(to=ANYONE, says="What it says, for those who cannot see it.")
    image: str = shown(to=ANYONE, says="Its picture.")
    target: Target | None = shown(to=ANYONE, by=answers.targets_of, says="Where a tap leads.")


@node(row=answers.ZoneRow, says="An activity zone (活动专区).")
class Zone:
    id: ID = shown(to=ANYONE, says="Its id.")
    title: str = shown(to=ANYONE, says="Its title.")
    image: str = shown(to=ANYONE, says="Its picture.")
    target: Target | None = shown(to=ANYONE, by=answers.targets_of, says="Where a tap leads.")
    starts_at: datetime = shown(to=ANYONE, says="Since when it runs.")
    ends_at: datetime | None = shown(to=ANYONE, says="Until when it runs; null without an end.")
    products: Connection[Product] | None = shown(to=ANYONE, by=answers.products_of, says="Its products, in order.")


@audit.trail
class AuditTrail:
    id: ID = shown(to=ANYONE, says=audit.ID_SAYS)
    content: Connection[audit.AuditRecord] | None = audit.acts_upon("content", says="Upon live rooms and notes.")


@federation.type
class Query:
    banners: Connection[Banner] | None = shown(to=ANYONE, by=answers.banners, says="Banners of the moment.")
    zones: Connection[Zone] | None = shown(to=ANYONE, by=answers.zones, says="Activity zones of the moment.")
    live_rooms: Connection[LiveRoom] | None = shown(
        to=ANYONE, by=answers.live_rooms, inputs={"state": LiveState}, says="Live rooms in a state, the best first."
    )
    videos: Connection[Video] | None = shown(to=ANYONE, by=answers.videos, says="Short videos, the best first.")
    notes: Connection[Note] | None = shown(
        to=ANYONE, by=answers.notes, inputs={"where": where_of(Note) | None}, says="Notes, the best first."
    )
    feed: Connection[FeedItem] | None = shown(
        to=ANYONE, by=answers.feed, says="Notes, videos and rooms that are live, the best first."
    )
    live_room: LiveRoom | None = shown(
        to=ANYONE, by=answers.live_room, inputs={"id": ID}, says="One live room; null where there is none of that id."
    )
    note: Note | None = shown(
        to=ANYONE, by=answers.note, inputs={"id": ID}, says="One note; null where there is none of that id."
    )


@node(row=answers.NoteTextRefused, says="The title or the text of a note is missing or too long.")
class NoteTextRefused(UserError):
    pass


@node(row=answers.NoteImageRefused, says="The cover of a note is no address of a picture.")
class NoteImageRefused(UserError):
    pass


@node(row=answers.NoteProductsRefused, says="A note cannot show these products.")
class NoteProductsRefused(UserError):
    pass


PublishNoteError = Annotated[
    NoteTextRefused | NoteImageRefused | NoteProductsRefused,
    strawberry.union("PublishNoteError", description="Why a note was not published."),
]


@federation.type(description="What publishNote did.")
class PublishNotePayload:
    result: Note | None = shown(to=ANYONE, says="The note; null where there are errors.")
    errors: list[PublishNoteError] = shown(to=ANYONE, says="All reasons why it was not published.")
    warnings: list[UserWarning] = shown(to=ANYONE, says="What the author should know besides.")


@federation.input(description="A note to publish.")
class PublishNoteInput:
    title: str = federation.field(description="1 to 60 characters.")
    body: str = federation.field(description="1 to 1,000 characters.")
    image: str = federation.field(description="The https address of its cover (封面).")
    product_ids: list[ID] = federation.field(description="Products to link (种草商品), up to 50, in their order.")


async def publish_note(info: Info[Context, Any], input: PublishNoteInput) -> Any:
    return await answers.publish_note(info.context, **vars(input))


@federation.type
class Mutation:
    publish_note: PublishNotePayload | None = shown(
        to=MEMBER, resolver=publish_note, says="Publish a note of the viewer (发布笔记)."
    )
