"""The protocol: bytes in, bytes out. No I/O, no clock, nothing random of its own."""
