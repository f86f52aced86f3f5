"""The server: stores and serves ciphertext and public statements; opens nothing."""
