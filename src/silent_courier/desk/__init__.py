"""What a handler does: sync, read, answer, together with colleagues."""
