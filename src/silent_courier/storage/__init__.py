"""What is kept on disk: the server's ciphertext, the desk's secrets."""
