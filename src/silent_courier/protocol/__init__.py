"""The protocol: bytes in, bytes out. No I/O, no clock, no randomness of its own. Spec `docs/spec`."""
