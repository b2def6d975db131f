"""What the tests of this app share."""

from conftest import NOW
from notifications.models import Kind
from notifications.tell import tell


def told(user, key="k", *, mail=True, kind=Kind.NEW_MATCHES, data=None, url="/para-ti/", now=NOW):
    data = {"new": 42} if data is None else data
    return tell(user=user, kind=kind, data=data, url=url, key=key, now=now, mail=mail)
