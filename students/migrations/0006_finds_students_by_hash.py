from django.db import migrations, models

import moirai.crypto.fields


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0005_encrypts_texts_and_files'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='student',
            constraint=models.UniqueConstraint(moirai.crypto.fields.LookupHash('external_id'), name='student_has_an_external_id_of_their_own'),
        ),
        migrations.AddConstraint(
            model_name='student',
            constraint=models.UniqueConstraint(moirai.crypto.fields.LookupHash('student_number'), name='student_has_a_number_of_their_own'),
        ),
    ]
