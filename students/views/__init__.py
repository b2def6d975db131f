"""Pages of students: the way in (onboarding), the profile, and the evidence behind it."""
