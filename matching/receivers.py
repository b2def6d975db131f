"""What this app does when lower apps announce a change."""
