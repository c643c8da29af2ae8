from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import ShopState, StaffRole, Trade
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Branch',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=40)),
                ('city', fields.CharField(max_length=20)),
                ('district', fields.CharField(max_length=20)),
                ('address', fields.CharField(max_length=100)),
                ('phone', fields.CharField(max_length=20)),
                ('latitude', fields.IntField()),
                ('longitude', fields.IntField()),
                ('opening_hours', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('delivers', fields.BooleanField()),
                ('delivery_metres', fields.IntField()),
                ('delivery_minimum', fields.BigIntField()),
                ('delivery_fee', fields.BigIntField()),
                ('preparation_minutes', fields.IntField()),
            ],
            options={'table': 'branch', 'app': 'shops', 'indexes': [Index(fields=['delivers', 'latitude', 'longitude'])], 'pk_attr': 'id', 'table_description': 'A place of a shop (门店), `brn_`, with its opening hours and delivery zone.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Shop',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=40)),
                ('slogan', fields.CharField(max_length=80)),
                ('trade', fields.CharEnumField(description='RETAIL: RETAIL\nFRESH: FRESH\nRESTAURANT: RESTAURANT\nHOME_SERVICE: HOME_SERVICE\nHOTEL: HOTEL', enum_type=Trade, max_length=20)),
                ('city', fields.CharField(max_length=20)),
                ('logo', fields.CharField(max_length=200)),
                ('state', fields.CharEnumField(description='OPEN: OPEN\nRESTING: RESTING\nCLOSED: CLOSED', enum_type=ShopState, max_length=20)),
                ('rating', fields.IntField()),
                ('rating_count', fields.IntField()),
                ('followers', fields.IntField()),
                ('decoration', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shop', 'app': 'shops', 'indexes': [Index(fields=['state', 'rating', 'id'])], 'pk_attr': 'id', 'table_description': "A merchant's shop (店铺), `shp_`."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ShopsHeard',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shops_heard', 'app': 'shops', 'pk_attr': 'id'},
            bases=['HeardRow'],
        ),
        ops.CreateModel(
            name='ShopsOutbox',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharField(max_length=40)),
                ('body', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shops_outbox', 'app': 'shops', 'pk_attr': 'id'},
            bases=['OutboxRow'],
        ),
        ops.CreateModel(
            name='Staff',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('role', fields.CharEnumField(description='OWNER: OWNER\nMANAGER: MANAGER\nCLERK: CLERK\nFINANCE: FINANCE\nREDEEMER: REDEEMER\nOPERATOR: OPERATOR\nHOST: HOST', enum_type=StaffRole, max_length=20)),
                ('name', fields.CharField(max_length=20)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'staff', 'app': 'shops', 'unique_together': (('shop_id', 'member_id'),), 'pk_attr': 'id', 'table_description': "A person's role in a shop, `stf_`."},
            bases=['Row'],
        ),
    ]
