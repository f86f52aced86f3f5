"""`courier demo`: everything on one machine, with a sample organisation."""
