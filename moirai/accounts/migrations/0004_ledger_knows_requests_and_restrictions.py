from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_refuses_to_change_the_ledger"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("applicant_opened", "opened your application"),
                    ("profile_opened", "opened your anonymous profile"),
                    ("cv_opened", "downloaded the CV you shared"),
                    ("name_revealed", "ended the blind review of your application"),
                    ("staff_opened", "the careers office opened your data"),
                    ("exported", "you downloaded your data"),
                    ("company_closed", "you closed your data to a company"),
                    ("restricted", "you restricted what is done with your data"),
                    ("lifted", "you lifted the restriction"),
                    ("asked", "you asked the careers office"),
                    ("answered", "the careers office answered you"),
                    ("erasure_asked", "you asked to be erased"),
                    ("erased", "your data was erased"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
    ]
