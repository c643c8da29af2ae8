from tortoise import migrations
from tortoise.migrations import operations as ops
from models.states import FactorKind
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('members', '0006_throttle')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(db_index=True, max_length=30)),
                ('code_hash', fields.CharField(max_length=43)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recovery_code', 'app': 'members', 'pk_attr': 'id', 'table_description': 'In place of a second factor that was lost, once, `rcc_`.'},
            bases=['Row'],
        ),
        ops.CreateModel(
            name='SecondFactor',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('member_id', fields.CharField(max_length=30)),
                ('kind', fields.CharEnumField(description='TOTP: TOTP\nWEBAUTHN: WEBAUTHN', enum_type=FactorKind, max_length=10)),
                ('secret_sealed', fields.CharField(null=True, max_length=160)),
                ('credential_id', fields.CharField(null=True, max_length=700)),
                ('public_key', fields.TextField(null=True, unique=False)),
                ('counter', fields.BigIntField()),
                ('made_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('confirmed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'second_factor', 'app': 'members', 'indexes': [Index(fields=['member_id', 'id'])], 'pk_attr': 'id', 'table_description': 'Something that a person has, `fct_`: an app that shows codes, or a key by WebAuthn.'},
            bases=['Row'],
        ),
        ops.AlterModelOptions(
            name='PlatformStaff',
            options={'table': 'platform_staff', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A person who works for the platform, `pst_`, in one office and never in another (三权分立).'},
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='activation_hash',
            field=fields.CharField(null=True, max_length=43),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='activation_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='added_by',
            field=fields.CharField(null=True, max_length=30),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='ended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='login',
            field=fields.CharField(null=True, unique=True, max_length=40),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='person',
            field=fields.CharField(null=True, unique=True, max_length=64),
        ),
        ops.AddField(
            model_name='PlatformStaff',
            name='secret',
            field=fields.CharField(null=True, max_length=200),
        ),
    ]
