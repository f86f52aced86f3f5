"""Makes the case files in the folders beside it: fully determined, nothing drawn anew.

What is expected of a failure is written down by hand, case by case; what is expected of a
success comes from the library and is held against a second implementation, in TypeScript.
"""
