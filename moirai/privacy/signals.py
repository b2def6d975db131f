"""Said inside the transaction: a request was answered, or somebody was warned. ``request_id``: PrivacyRequest."""

from django.dispatch import Signal

request_closed = Signal()
inactive_warned = Signal()
