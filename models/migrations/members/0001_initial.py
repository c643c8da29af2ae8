from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import PlatformRole
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='Address',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('label', fields.CharField(max_length=10)),
                ('city', fields.CharField(max_length=20)),
                ('district', fields.CharField(max_length=20)),
                ('street_sealed', fields.CharField(max_length=400)),
                ('receiver_sealed', fields.CharField(max_length=200)),
                ('phone_sealed', fields.CharField(max_length=120)),
                ('latitude', fields.IntField()),
                ('longitude', fields.IntField()),
                ('is_default', fields.BooleanField()),
            ],
            options={'table': 'address', 'app': 'members', 'pk_attr': 'id', 'table_description': 'Where a member has things sent (收货地址), `adr_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Credential',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('login_hash', fields.CharField(unique=True, max_length=64)),
                ('secret', fields.CharField(max_length=200)),
                ('failures', fields.IntField()),
                ('locked_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'credential', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A way to sign in, `crd_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Level',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('shop_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=20)),
                ('rank', fields.IntField()),
                ('percent', fields.IntField()),
                ('threshold', fields.IntField()),
            ],
            options={'table': 'level', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A level of membership (会员等级), `lvl_`, on the platform (`shop_id` None) or in a shop.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Member',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('nickname', fields.CharField(max_length=40)),
                ('avatar', fields.CharField(max_length=200)),
                ('phone_sealed', fields.CharField(max_length=120)),
                ('phone_masked', fields.CharField(max_length=20)),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'member', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A person who buys (会员), `mbr_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='MembersHeard',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'members_heard', 'app': 'members', 'pk_attr': 'id'},
            bases=['HeardRow'],
        ),
        ops.CreateModel(
            name='MembersOutbox',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('kind', fields.CharField(max_length=40)),
                ('body', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('sent_at', fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'members_outbox', 'app': 'members', 'pk_attr': 'id'},
            bases=['OutboxRow'],
        ),
        ops.CreateModel(
            name='Membership',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('shop_id', fields.CharField(null=True, db_index=True, max_length=30)),
                ('level_id', fields.CharField(max_length=30)),
                ('points', fields.IntField()),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'membership', 'app': 'members', 'unique_together': (('member_id', 'shop_id'),), 'pk_attr': 'id', 'table_description': "A member's standing on the platform (`shop_id` None) or in a shop, `mem_`."},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='PlatformStaff',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('name', fields.CharField(max_length=20)),
                ('role', fields.CharEnumField(description='OPERATOR: OPERATOR\nREVIEWER: REVIEWER\nFINANCE: FINANCE\nRISK: RISK\nAUDITOR: AUDITOR\nSECURITY: SECURITY', enum_type=PlatformRole, max_length=20)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'platform_staff', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A person who works for the platform, `pst_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Session',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('revoked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'session', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A signed-in device, `ses_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='Viewing',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(max_length=30)),
                ('product_id', fields.CharField(max_length=30)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'viewing', 'app': 'members', 'indexes': [Index(fields=['member_id', 'at', 'id'])], 'pk_attr': 'id', 'table_description': 'A product that a member looked at (浏览记录), `vwg_`.'},
            bases=['Row'],
        ),
    ]
