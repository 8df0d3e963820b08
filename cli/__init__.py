"""How an operator starts it, fills it and checks it: the command `luoshi`."""
