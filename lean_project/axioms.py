"""The axioms that Lean's own library rests on."""

STANDARD_AXIOMS = frozenset({"propext", "Classical.choice", "Quot.sound"})
