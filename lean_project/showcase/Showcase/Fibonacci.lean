module

public import Showcase.Sums

/-!
# Fibonacci numbers

Their sums, the addition law, and what follows from it about divisors.
-/

@[expose] public section

namespace Showcase

/-- The Fibonacci numbers 0, 1, 1, 2, 3, 5, 8, …: each is the sum of the two before it. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The sum of the first Fibonacci numbers is one less than a Fibonacci number. -/
theorem fib_sum (n : Nat) : total fib n + 1 = fib (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [total, fib, ← ih]
    omega

/-- Neighbouring Fibonacci numbers are coprime. -/
theorem fib_coprime_succ (n : Nat) : Nat.gcd (fib n) (fib (n + 1)) = 1 := by
  induction n with
  | zero => rfl
  | succ n ih => rw [fib, Nat.gcd_add_self_right, Nat.gcd_comm, ih]

/-- The addition law of the Fibonacci numbers. -/
theorem fib_add (m n : Nat) : fib (m + n + 1) = fib m * fib n + fib (m + 1) * fib (n + 1) := by
  induction n generalizing m with
  | zero => simp [fib]
  | succ n ih =>
    have h := ih (m + 1)
    rw [show m + (n + 1) + 1 = m + 1 + n + 1 by omega, h]
    simp only [fib]
    grind

/-- If `m` divides `n` then the `m`-th Fibonacci number divides the `n`-th. -/
theorem fib_dvd_fib {m n : Nat} (h : m ∣ n) : fib m ∣ fib n := by
  obtain ⟨k, rfl⟩ := h
  induction k with
  | zero => exact ⟨0, rfl⟩
  | succ k ih =>
    cases m with
    | zero => simp
    | succ m =>
      rw [show (m + 1) * (k + 1) = (m + 1) * k + m + 1 by grind, fib_add]
      exact Nat.dvd_add (Nat.dvd_mul_right_of_dvd ih _) (Nat.dvd_mul_left _ _)

/-- Cassini's identity. -/
theorem cassini (n : Nat) :
    (fib (n + 1) : Int) ^ 2 - (fib n : Int) * fib (n + 2) = (-1) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    simp only [fib] at *
    grind

/-- The greatest common divisor of two Fibonacci numbers is a Fibonacci number. -/
theorem fib_gcd (m n : Nat) : Nat.gcd (fib m) (fib n) = fib (Nat.gcd m n) := by
  sorry

/-- Fibonacci numbers with coprime indices are coprime. -/
theorem fib_coprime_of_coprime {m n : Nat} (h : Nat.gcd m n = 1) : Nat.gcd (fib m) (fib n) = 1 := by
  rw [fib_gcd, h]
  rfl

end Showcase
