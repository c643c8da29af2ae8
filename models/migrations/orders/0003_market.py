from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import ShopTier, ShopTrend
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('orders', '0002_audit')]

    initial = False

    operations = [
        ops.CreateModel(
            name='MarketCell',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('month', fields.CharField(max_length=7)),
                ('trade', fields.CharField(max_length=20)),
                ('city', fields.CharField(max_length=20)),
                ('shops', fields.IntField()),
                ('buyers', fields.IntField()),
                ('orders', fields.IntField()),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('amount', fields.BigIntField()),
            ],
            options={'table': 'market_cell', 'app': 'orders', 'unique_together': (('month', 'trade', 'city'),), 'pk_attr': 'id', 'table_description': 'Sums of a month over so many shops and buyers that they tell of none of them, `mkc_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='MarketMonth',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('month', fields.CharField(unique=True, max_length=7)),
                ('published_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'market_month', 'app': 'orders', 'pk_attr': 'id', 'table_description': 'A month whose sums are published, `mkm_`: once and for all.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ShopBand',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('month', fields.CharField(max_length=7)),
                ('tier', fields.CharEnumField(description='LEADING: LEADING\nSOLID: SOLID\nSMALL: SMALL\nNEW: NEW', enum_type=ShopTier, max_length=10)),
                ('score', fields.IntField(null=True)),
                ('trend', fields.CharEnumField(null=True, description='UP: UP\nFLAT: FLAT\nDOWN: DOWN', enum_type=ShopTrend, max_length=10)),
            ],
            options={'table': 'shop_band', 'app': 'orders', 'unique_together': (('shop_id', 'month'),), 'pk_attr': 'id', 'table_description': 'Where a shop stands among those of its trade in a month, `bnd_`: coarse on purpose.'},
            bases=['Row'],
        ),
    ]
