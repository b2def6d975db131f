"""What `students` announces; upper apps listen."""

from django.dispatch import Signal

#: Sent with ``student_id`` inside the transaction that changed what the student is matched by.
student_changed = Signal()

#: Sent with ``cv_id`` when a CV was read or could not be read.
cv_read = Signal()

#: Sent with ``answer_id`` (an OutcomeAnswer), ``is_reminder`` and ``at`` when a graduate is asked what came after.
outcome_asked = Signal()
