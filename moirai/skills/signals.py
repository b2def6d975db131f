"""What the taxonomy announces; whoever keeps texts listens and reads them again."""

from django.dispatch import Signal

aliases_changed = Signal()  # texts: list[str], the aliases that came, went or changed; sent inside the transaction
