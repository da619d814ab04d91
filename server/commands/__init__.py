"""What people can say to the project: the values of commands, their grammar, and its help. Pure."""
