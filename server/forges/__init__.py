"""What forges say: whose signature it is, and their payloads read into one form. Pure."""
