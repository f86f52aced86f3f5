"""What the page can ask, by concept: each module holds its questions, its acts and its routes."""
