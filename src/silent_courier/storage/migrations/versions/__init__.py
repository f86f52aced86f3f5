"""The steps, from the first table on."""
