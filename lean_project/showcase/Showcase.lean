module

public import Showcase.Parity
public import Showcase.Primes
public import Showcase.Roots
public import Showcase.Sums
public import Showcase.Pigeonhole
public import Showcase.Fibonacci

/-!
# Counting stones

A small formalization on numbers and counting that needs Lean's core library and nothing else.
-/
