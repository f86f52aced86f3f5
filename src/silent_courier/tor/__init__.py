"""Running tor, its onion services, and the transport through it."""
