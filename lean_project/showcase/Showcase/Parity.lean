module

/-!
# Even and odd numbers

The smallest theory with a theorem in it: every natural number is even or odd, never both, and a
number whose square is even is itself even.
-/

@[expose] public section

namespace Showcase

/-- A natural number is *even* if it is twice some natural number. -/
def IsEven (n : Nat) : Prop := ∃ k, n = 2 * k

/-- A natural number is *odd* if it is one more than twice some natural number. -/
def IsOdd (n : Nat) : Prop := ∃ k, n = 2 * k + 1

/-- Every natural number is even or odd. -/
theorem even_or_odd (n : Nat) : IsEven n ∨ IsOdd n := by
  induction n with
  | zero => exact .inl ⟨0, rfl⟩
  | succ n ih =>
    rcases ih with ⟨k, hk⟩ | ⟨k, hk⟩
    · exact .inr ⟨k, by omega⟩
    · exact .inl ⟨k + 1, by omega⟩

/-- No natural number is both even and odd. -/
theorem not_even_and_odd (n : Nat) : ¬(IsEven n ∧ IsOdd n) := by
  rintro ⟨⟨k, hk⟩, ⟨l, hl⟩⟩
  omega

/-- The square of an odd number is odd. -/
theorem odd_mul_self {n : Nat} (hn : IsOdd n) : IsOdd (n * n) := by
  obtain ⟨k, rfl⟩ := hn
  exact ⟨2 * (k * k) + 2 * k, by grind⟩

/-- A number whose square is even is even. -/
theorem even_of_even_mul_self {n : Nat} (h : IsEven (n * n)) : IsEven n := by
  rcases even_or_odd n with hn | hn
  · exact hn
  · exact absurd ⟨h, odd_mul_self hn⟩ (not_even_and_odd (n * n))

/-- The product of two consecutive numbers is even. -/
theorem even_mul_succ (n : Nat) : IsEven (n * (n + 1)) := by
  rcases even_or_odd n with ⟨k, rfl⟩ | ⟨k, rfl⟩
  · exact ⟨k * (2 * k + 1), by grind⟩
  · exact ⟨(2 * k + 1) * (k + 1), by grind⟩

/-- Every positive number is a power of two times an odd number. -/
theorem exists_odd_part (n : Nat) (hn : 0 < n) : ∃ k m, IsOdd m ∧ n = 2 ^ k * m := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    rcases even_or_odd n with ⟨l, rfl⟩ | hodd
    · obtain ⟨k, m, hm, rfl⟩ := ih l (by omega) (by omega)
      exact ⟨k + 1, m, hm, by grind⟩
    · exact ⟨0, n, hodd, by simp⟩

end Showcase
