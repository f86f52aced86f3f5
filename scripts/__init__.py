"""The project's own tools, called by the Makefile from the root of the checkout."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - a bare machine may have any python3
    sys.exit("setup: Python 3.11 or newer is needed, and python3 here is older")
