"""What is always true is not a matter of how fast: a machine that is busy fails nothing."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
