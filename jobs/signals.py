"""What `jobs` announces; upper apps listen."""

from django.dispatch import Signal

#: Sent with ``job_id`` inside the transaction that changed what the posting is matched by, or opened or closed it.
job_changed = Signal()

#: Sent with ``application_id`` and ``event_id`` when an application was made or moved.
application_moved = Signal()
