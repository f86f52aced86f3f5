"""The server's database: ciphertext and public statements, a day at the finest. Spec §12.1."""
