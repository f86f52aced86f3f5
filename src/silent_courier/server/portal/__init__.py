"""The pages a source meets: rendered once, served as ready-made bytes."""
