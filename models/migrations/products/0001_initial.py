from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import ProductKind, ProductState, PromotionKind
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Affinity',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(max_length=30)),
                ('category_id', fields.CharField(max_length=30)),
                ('weight', fields.IntField()),
            ],
            options={'table': 'affinity', 'app': 'products', 'unique_together': (('member_id', 'category_id'),), 'pk_attr': 'id', 'table_description': "How much a member likes a category, `aff_`: learned from orders' and members' facts."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Category',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('parent_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=20)),
                ('icon', fields.CharField(max_length=200)),
                ('position', fields.IntField()),
                ('popularity', fields.IntField()),
            ],
            options={'table': 'category', 'app': 'products', 'pk_attr': 'id', 'table_description': "A node of the platform's category tree (平台类目), `cat_`, products hang on its leaves."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PriceChange',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('sku_id', fields.CharField(max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('price', fields.BigIntField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'price_change', 'app': 'products', 'indexes': [Index(fields=['sku_id', 'at', 'id'])], 'pk_attr': 'id', 'table_description': 'What a SKU has cost since `at` (价格历史), `prc_`, only ever inserted.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Product',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('category_id', fields.CharField(max_length=30)),
                ('shop_category_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('kind', fields.CharEnumField(description='GOODS: GOODS\nWEIGHED: WEIGHED\nDISH: DISH\nAPPOINTMENT: APPOINTMENT\nNIGHT: NIGHT', enum_type=ProductKind, max_length=20)),
                ('state', fields.CharEnumField(description='DRAFT: DRAFT\nLISTED: LISTED\nWITHDRAWN: WITHDRAWN', enum_type=ProductState, max_length=20)),
                ('name', fields.CharField(max_length=60)),
                ('subtitle', fields.CharField(max_length=100)),
                ('image', fields.CharField(max_length=200)),
                ('media', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('tags', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('origin', fields.CharField(max_length=40)),
                ('code', fields.CharField(max_length=40)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('price', fields.BigIntField()),
                ('list_price', fields.BigIntField(null=True)),
                ('sales', fields.IntField()),
                ('rating', fields.IntField()),
                ('rating_count', fields.IntField()),
                ('score', fields.IntField()),
                ('details', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('listed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'product', 'app': 'products', 'unique_together': (('shop_id', 'code'),), 'indexes': [Index(fields=['category_id', 'state', 'score', 'id']), Index(fields=['shop_id', 'state', 'score', 'id']), Index(fields=['kind', 'state', 'score', 'id', 'price'])], 'pk_attr': 'id', 'table_description': 'What a shop sells (商品), `prd_`: goods, weighed goods, a dish, an appointment or a night.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ProductsHeard',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'products_heard', 'app': 'products', 'pk_attr': 'id'},
            bases=['HeardRow'],
        ),
        ops.CreateModel(
            name='ProductsOutbox',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharField(max_length=40)),
                ('body', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'products_outbox', 'app': 'products', 'pk_attr': 'id'},
            bases=['OutboxRow'],
        ),
        ops.CreateModel(
            name='Promotion',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharEnumField(description='FLASH_SALE: FLASH_SALE\nGROUP_BUY: GROUP_BUY\nDISCOUNT: DISCOUNT\nSPEND_AND_SAVE: SPEND_AND_SAVE\nPRESALE: PRESALE', enum_type=PromotionKind, max_length=20)),
                ('shop_id', fields.CharField(null=True, max_length=30)),
                ('title', fields.CharField(max_length=40)),
                ('label', fields.CharField(max_length=20)),
                ('rules', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('shop_wide', fields.BooleanField()),
                ('starts_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'promotion', 'app': 'products', 'indexes': [Index(fields=['shop_id', 'shop_wide', 'ends_at']), Index(fields=['kind', 'ends_at'])], 'pk_attr': 'id', 'table_description': 'A promotion as data (促销), `prm_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PromotionItem',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('promotion_id', fields.CharField(db_index=True, max_length=30)),
                ('kind', fields.CharEnumField(description='FLASH_SALE: FLASH_SALE\nGROUP_BUY: GROUP_BUY\nDISCOUNT: DISCOUNT\nSPEND_AND_SAVE: SPEND_AND_SAVE\nPRESALE: PRESALE', enum_type=PromotionKind, max_length=20)),
                ('shop_id', fields.CharField(max_length=30)),
                ('product_id', fields.CharField(max_length=30)),
                ('sku_id', fields.CharField(max_length=30)),
                ('label', fields.CharField(max_length=20)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('price', fields.BigIntField()),
                ('group_size', fields.IntField(null=True)),
                ('position', fields.IntField()),
                ('starts_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'promotion_item', 'app': 'products', 'indexes': [Index(fields=['kind', 'ends_at', 'position', 'id']), Index(fields=['product_id', 'ends_at'])], 'pk_attr': 'id', 'table_description': "A SKU at a promotion price, `pit_`. `kind`, times and label repeat the promotion's for one-step reads."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ShopCategory',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=20)),
                ('position', fields.IntField()),
            ],
            options={'table': 'shop_category', 'app': 'products', 'pk_attr': 'id', 'table_description': 'A shelf that a shop arranges for itself (店铺分类), `sct_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Sku',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('product_id', fields.CharField(db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('code', fields.CharField(max_length=40)),
                ('options', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('position', fields.IntField()),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('price', fields.BigIntField()),
                ('list_price', fields.BigIntField(null=True)),
            ],
            options={'table': 'sku', 'app': 'products', 'unique_together': (('shop_id', 'code'),), 'pk_attr': 'id', 'table_description': 'A choice of a product that can be bought, `sku_`.'},
            bases=['Row'],
        ),
    ]
