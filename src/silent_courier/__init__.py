"""Silent Courier: a letterbox on the dark web."""
