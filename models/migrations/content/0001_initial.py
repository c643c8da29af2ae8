from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import EntryKind, EntryState, TargetKind
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='ContentHeard',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'content_heard', 'app': 'content', 'pk_attr': 'id'},
            bases=['HeardRow'],
        ),
        ops.CreateModel(
            name='ContentOutbox',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharField(max_length=40)),
                ('body', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'content_outbox', 'app': 'content', 'pk_attr': 'id'},
            bases=['OutboxRow'],
        ),
        ops.CreateModel(
            name='Entry',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharEnumField(description='BANNER: BANNER\nZONE: ZONE\nLIVE_ROOM: LIVE_ROOM\nVIDEO: VIDEO\nNOTE: NOTE', enum_type=EntryKind, max_length=20)),
                ('state', fields.CharEnumField(description='PLANNED: PLANNED\nLIVE: LIVE\nENDED: ENDED\nPUBLISHED: PUBLISHED\nWITHDRAWN: WITHDRAWN', enum_type=EntryState, max_length=20)),
                ('title', fields.CharField(max_length=60)),
                ('body', fields.TextField(unique=False)),
                ('image', fields.CharField(max_length=200)),
                ('media', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('shop_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('author_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('author_name', fields.CharField(max_length=40)),
                ('author_avatar', fields.CharField(max_length=200)),
                ('target_kind', fields.CharEnumField(null=True, description='PRODUCT: PRODUCT\nSHOP: SHOP\nCATEGORY: CATEGORY\nLIVE_ROOM: LIVE_ROOM', enum_type=TargetKind, max_length=20)),
                ('target_id', fields.CharField(null=True, max_length=30)),
                ('likes', fields.IntField()),
                ('viewers', fields.IntField()),
                ('score', fields.IntField()),
                ('starts_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'entry', 'app': 'content', 'indexes': [Index(fields=['kind', 'state', 'score', 'id'])], 'pk_attr': 'id', 'table_description': 'A piece of content: `bnr_` banner, `zon_` activity zone, `liv_` live room, `vid_` short video, `nte_` note.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='EntryProduct',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('entry_id', fields.CharField(max_length=30)),
                ('product_id', fields.CharField(db_index=True, max_length=30)),
                ('position', fields.IntField()),
            ],
            options={'table': 'entry_product', 'app': 'content', 'unique_together': (('entry_id', 'product_id'),), 'pk_attr': 'id', 'table_description': 'A product that an entry shows, `enp_`: pinned in a live room, linked in a note.'},
            bases=['Row'],
        ),
    ]
