"""Users for tests."""

import factory
from allauth.account.models import EmailAddress

from moirai.accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@universidad.example")
    full_name = factory.Faker("name", locale="es_MX")
    role = User.Role.STUDENT
    password = factory.django.Password("correct horse")

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        """A verified address, as after the click in the mail; ``verified=False`` leaves it out."""
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


class StaffFactory(UserFactory):
    role = User.Role.STAFF
    is_staff = True
    is_superuser = True
