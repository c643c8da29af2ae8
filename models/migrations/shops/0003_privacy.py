from tortoise import migrations
from tortoise import fields

from models import columns

class Migration(migrations.Migration):
    dependencies = [('shops', '0002_audit')]

    initial = False

    operations = [
        # Names of the form before are not carried over: there was no mall but the demo, which is made anew.
        columns.AddText(model_name='Staff', name='name_sealed', field=fields.CharField(max_length=240)),
        columns.DropColumn(model_name='Staff', name='name'),
    ]
