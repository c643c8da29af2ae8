from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('members', '0004_signing')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RefreshToken',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=30)),
                ('session_id', fields.CharField(db_index=True, max_length=30)),
                ('secret_hash', fields.CharField(unique=True, max_length=43)),
                ('made_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refresh_token', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A token that gets its session the next access token, once, `rft_`. Used ones are kept, so that a copy of one is'},
            bases=['Row'],
        ),
        ops.AlterModelOptions(
            name='Session',
            options={'table': 'session', 'app': 'members', 'pk_attr': 'id', 'table_description': 'A signed-in device, `ses_`, of a member or of a person who works for the platform.'},
        ),
        ops.AddField(
            model_name='Session',
            name='device',
            field=fields.CharField(default='', max_length=40),
        ),
        ops.AddField(
            model_name='Session',
            name='refreshed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
