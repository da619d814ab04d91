"""What people can do, each action one function, whichever door they come through."""
