"""What a source does: write a letter, check for answers."""
