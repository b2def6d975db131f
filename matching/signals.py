"""What `matching` announces; `notifications` listens."""

from django.dispatch import Signal

#: Sent with ``student_id``, ``run_id`` and ``new`` (how many matches were not stored before) after a student's row.
matches_stored = Signal()

#: Sent with ``at`` (when it began) inside the transaction that made the demo, whose rows are dated in the past.
demo_made = Signal()
