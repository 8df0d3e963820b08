"""`python -m cli` is `luoshi`."""

from cli.main import main

main()
