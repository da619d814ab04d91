"""Git and Lean to facts; graph and facts to status."""
