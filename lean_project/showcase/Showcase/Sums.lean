module

/-!
# Sums

Finite sums of natural numbers, and the sums that everybody meets first: of the numbers up to `n`, of
a geometric progression, of the first odd numbers, of the first cubes.
-/

@[expose] public section

namespace Showcase

/-- The sum `f 0 + f 1 + ⋯ + f (n - 1)`. -/
def total (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => total f n + f n

/-- A sum can be cut in two at any place. -/
theorem total_split (f : Nat → Nat) (m k : Nat) :
    total f (m + k) = total f m + total (fun i => f (m + i)) k := by
  induction k with
  | zero => rfl
  | succ k ih => rw [← Nat.add_assoc, total, total, ih, Nat.add_assoc]

/-- The sum of the sums of two sequences is the sum of their sums, term by term. -/
theorem total_add (f g : Nat → Nat) (n : Nat) :
    total (fun i => f i + g i) n = total f n + total g n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [total, ih]; omega

/-- A common factor can be taken out of a sum. -/
theorem total_mul_left (c : Nat) (f : Nat → Nat) (n : Nat) :
    total (fun i => c * f i) n = c * total f n := by
  induction n with
  | zero => rfl
  | succ n ih => simp only [total, ih, Nat.mul_add]

/-- A sum of `n` equal terms. -/
theorem total_const (c n : Nat) : total (fun _ => c) n = n * c := by
  induction n with
  | zero => simp [total]
  | succ n ih => simp only [total, ih, Nat.succ_mul]

/-- A term of a sum is no more than the sum. -/
theorem le_total (f : Nat → Nat) {i n : Nat} (hin : i < n) : f i ≤ total f n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_succ_iff_lt_or_eq.mp hin with h | rfl
    · exact Nat.le_trans (ih h) (Nat.le_add_right _ _)
    · exact Nat.le_add_left _ _

/-- Two different terms of a sum are together no more than the sum. -/
theorem add_le_total (f : Nat → Nat) {i j n : Nat} (hij : i < j) (hjn : j < n) :
    f i + f j ≤ total f n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_succ_iff_lt_or_eq.mp hjn with h | rfl
    · exact Nat.le_trans (ih h) (Nat.le_add_right _ _)
    · exact Nat.add_le_add_right (le_total f hij) _

/-- Gauss's sum: twice the sum of the numbers up to `n` is `n * (n + 1)`. -/
theorem gauss_sum (n : Nat) : 2 * total (fun i => i) (n + 1) = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [total, Nat.mul_add, ih]
    grind

/-- The sum of a geometric progression with ratio `q + 1`. -/
theorem geometric_sum (q n : Nat) : q * total (fun i => (q + 1) ^ i) n + 1 = (q + 1) ^ n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [total, Nat.pow_succ, ← ih]
    grind

/-- The first `n` odd numbers add up to the square of `n`. -/
theorem odd_sum (n : Nat) : total (fun i => 2 * i + 1) n = n * n := by
  sorry

/-- The cube of `n + 1` is a sum of `n + 1` consecutive odd numbers. -/
theorem cube_eq_odd_block (n : Nat) :
    (n + 1) ^ 3 = total (fun i => n * (n + 1) + (2 * i + 1)) (n + 1) := by
  rw [total_add, total_const, odd_sum]
  grind

/-- Nicomachus's theorem: the sum of the first cubes is the square of the sum of their roots. -/
theorem nicomachus (n : Nat) :
    total (fun i => i ^ 3) (n + 1) = total (fun i => i) (n + 1) ^ 2 := by
  sorry

end Showcase
