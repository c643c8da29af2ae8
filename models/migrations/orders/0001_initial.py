from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import CouponState, GroupState, OrderState
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Coupon',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('offer_id', fields.CharField(max_length=30)),
                ('member_id', fields.CharField(max_length=30)),
                ('number', fields.IntField()),
                ('shop_id', fields.CharField(null=True, max_length=30)),
                ('title', fields.CharField(max_length=40)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('amount', fields.BigIntField()),
                ('threshold', fields.BigIntField()),
                ('state', fields.CharEnumField(description='USABLE: USABLE\nUSED: USED\nEXPIRED: EXPIRED', enum_type=CouponState, max_length=20)),
                ('taken_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('order_id', fields.CharField(null=True, max_length=30)),
            ],
            options={'table': 'coupon', 'app': 'orders', 'unique_together': (('offer_id', 'member_id', 'number'),), 'indexes': [Index(fields=['member_id', 'state', 'expires_at', 'id'])], 'pk_attr': 'id', 'table_description': "A coupon in a member's wallet (卡包), `cpn_`."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='CouponOffer',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('title', fields.CharField(max_length=40)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('amount', fields.BigIntField()),
                ('threshold', fields.BigIntField()),
                ('total', fields.IntField()),
                ('taken', fields.IntField()),
                ('per_member', fields.IntField()),
                ('starts_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ends_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('valid_days', fields.IntField()),
                ('position', fields.IntField()),
            ],
            options={'table': 'coupon_offer', 'app': 'orders', 'indexes': [Index(fields=['position', 'id'])], 'pk_attr': 'id', 'table_description': 'Coupons that may be taken (领券), `cof_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Group',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('item_id', fields.CharField(max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('size', fields.IntField()),
                ('taken', fields.IntField()),
                ('state', fields.CharEnumField(description='OPEN: OPEN\nFULL: FULL\nFAILED: FAILED', enum_type=GroupState, max_length=20)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'buyer_group', 'app': 'orders', 'indexes': [Index(fields=['item_id', 'state', 'expires_at', 'id'])], 'pk_attr': 'id', 'table_description': 'Buyers who share a group price (拼团), `grp_`. It is never filled by anybody but buyers.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='GroupPlace',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('group_id', fields.CharField(max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('seat', fields.IntField()),
                ('taken_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_place', 'app': 'orders', 'unique_together': (('group_id', 'seat'), ('group_id', 'member_id')), 'pk_attr': 'id', 'table_description': "One buyer's place in a group, `gpl_`."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='IdempotencyRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=120)),
                ('asked', fields.CharField(max_length=64)),
                ('answer', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'orders_idempotency', 'app': 'orders', 'pk_attr': 'id', 'table_description': "The first answer to a mutation's key, given again when the key comes again. Its id is member and key."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='OrderLine',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('order_id', fields.CharField(db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('product_id', fields.CharField(db_index=True, max_length=30)),
                ('sku_id', fields.CharField(max_length=30)),
                ('category_id', fields.CharField(max_length=30)),
                ('name', fields.CharField(max_length=60)),
                ('image', fields.CharField(max_length=200)),
                ('options', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('quantity', fields.IntField()),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('unit_price', fields.BigIntField()),
                ('payable', fields.BigIntField()),
            ],
            options={'table': 'order_line', 'app': 'orders', 'pk_attr': 'id', 'table_description': 'One SKU of a shop order, as it was when it was ordered, `lin_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='OrdersHeard',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'orders_heard', 'app': 'orders', 'pk_attr': 'id'},
            bases=['HeardRow'],
        ),
        ops.CreateModel(
            name='OrdersOutbox',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharField(max_length=40)),
                ('body', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'orders_outbox', 'app': 'orders', 'pk_attr': 'id'},
            bases=['OutboxRow'],
        ),
        ops.CreateModel(
            name='Quota',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('total', fields.IntField()),
                ('taken', fields.IntField()),
            ],
            options={'table': 'quota', 'app': 'orders', 'pk_attr': 'id', 'table_description': "How many units a promotion item may sell in all, and how many it has sold, its id is the promotion item's."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='ShopOrder',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('trade_id', fields.CharField(db_index=True, max_length=30)),
                ('member_id', fields.CharField(max_length=30)),
                ('shop_id', fields.CharField(max_length=30)),
                ('branch_id', fields.CharField(null=True, max_length=30)),
                ('state', fields.CharEnumField(description='PLACED: PLACED\nPAID: PAID\nSHIPPED: SHIPPED\nCOMPLETED: COMPLETED\nCANCELLED: CANCELLED\nREFUNDED: REFUNDED', enum_type=OrderState, max_length=20)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('goods', fields.BigIntField()),
                ('discount', fields.BigIntField()),
                ('freight', fields.BigIntField()),
                ('payable', fields.BigIntField()),
                ('placed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('paid_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('completed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'shop_order', 'app': 'orders', 'indexes': [Index(fields=['member_id', 'placed_at', 'id']), Index(fields=['shop_id', 'placed_at', 'id'])], 'pk_attr': 'id', 'table_description': 'What one shop delivers of a trade (店铺订单), `ord_`. `payable = goods - discount + freight`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Stock',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('sku_id', fields.CharField(max_length=30)),
                ('branch_id', fields.CharField(max_length=30)),
                ('shop_id', fields.CharField(db_index=True, max_length=30)),
                ('on_hand', fields.IntField()),
                ('held', fields.IntField()),
            ],
            options={'table': 'stock', 'app': 'orders', 'unique_together': (('sku_id', 'branch_id'),), 'pk_attr': 'id', 'table_description': 'What a branch has of a SKU (库存), `stk_`. Available is `on_hand - held`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Trade',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('currency', fields.CharField(default='CNY', max_length=3)),
                ('payable', fields.BigIntField()),
                ('placed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'trade', 'app': 'orders', 'pk_attr': 'id', 'table_description': 'One checkout, one payment (交易单), `trd_`, it has an order for each shop.'},
            bases=['Row'],
        ),
    ]
