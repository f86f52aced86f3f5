"""The composition root: arguments, environment, clock, randomness, wiring."""
