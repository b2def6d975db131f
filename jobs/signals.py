"""What `jobs` announces, always inside the transaction that changed it; upper apps listen."""

from django.dispatch import Signal

#: Sent with ``job_id`` inside the transaction that changed what the posting is matched by, or opened or closed it.
job_changed = Signal()

#: Sent with ``application_id``, ``event_id`` and ``is_told`` when an application was made or moved; ``is_told`` is
#: false where another signal tells of it.
application_moved = Signal()

#: Sent with ``ruling_id`` when a company or a posting was judged.
ruled = Signal()

#: Sent with ``report_id`` when somebody reported a posting.
posting_reported = Signal()

#: Sent with ``message_id`` when one side of an application wrote to the other.
message_sent = Signal()

#: Sent with ``invitation_id`` when a company invited a student.
invitation_sent = Signal()

#: Sent with ``interview_id`` and ``side`` (who acted) when dates were proposed, one was picked, or it was cancelled.
interview_changed = Signal()

#: Sent with ``job_id`` when a posting is about to close and its company is asked to confirm.
posting_expiring = Signal()

#: Sent with ``job_id`` when those who applied to a closed posting are to be told.
posting_closed = Signal()

#: Sent with ``job_id``, ``waiting`` (how many) and ``at`` when a company is reminded of applications without answer.
applications_waiting = Signal()

#: Sent with ``application_id`` and ``at`` when the promised date has come and there is no news to tell.
no_news = Signal()

#: Sent with ``search_id``, ``job_ids`` (newest first) and ``at`` when a saved search that is due has found postings.
search_found = Signal()
