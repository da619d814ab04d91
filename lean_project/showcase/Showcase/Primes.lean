module

/-!
# Prime numbers

Euclid's two classics: there are infinitely many primes, and a prime that divides a product divides
one of the factors. Every positive number is a product of primes; that the product is unique is still
open here.
-/

@[expose] public section

namespace Showcase

/-- A natural number is *prime* if it is at least 2 and only 1 and itself divide it. -/
def IsPrime (p : Nat) : Prop := 2 ≤ p ∧ ∀ d, d ∣ p → d = 1 ∨ d = p

/-- Every number that is at least 2 has a prime divisor. -/
theorem exists_prime_dvd (n : Nat) (hn : 2 ≤ n) : ∃ p, IsPrime p ∧ p ∣ n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases h : ∃ d, d ∣ n ∧ d ≠ 1 ∧ d ≠ n
    · obtain ⟨d, hdn, hd1, hdn'⟩ := h
      have hle : d ≤ n := Nat.le_of_dvd (by omega) hdn
      have hpos : 0 < d := Nat.pos_of_dvd_of_pos hdn (by omega)
      obtain ⟨p, hp, hpd⟩ := ih d (by omega) (by omega)
      exact ⟨p, hp, Nat.dvd_trans hpd hdn⟩
    · refine ⟨n, ⟨hn, fun d hd => ?_⟩, Nat.dvd_refl n⟩
      by_cases h1 : d = 1
      · exact .inl h1
      · exact .inr (Classical.byContradiction fun h2 => h ⟨d, hd, h1, h2⟩)

/-- The *factorial* of `n`: the product of the numbers from 1 to `n`. -/
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n

/-- Factorials are positive. -/
theorem factorial_pos (n : Nat) : 0 < factorial n := by
  induction n with
  | zero => decide
  | succ n ih => exact Nat.mul_pos (Nat.succ_pos n) ih

/-- Every number from 1 to `n` divides the factorial of `n`. -/
theorem dvd_factorial {d n : Nat} (hd : 0 < d) (hdn : d ≤ n) : d ∣ factorial n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_or_eq_of_le hdn with h | rfl
    · exact Nat.dvd_trans (ih (by omega)) ⟨n + 1, Nat.mul_comm _ _⟩
    · exact ⟨factorial n, rfl⟩

/-- There are infinitely many primes: beyond every number there is one. -/
theorem exists_prime_gt (n : Nat) : ∃ p, IsPrime p ∧ n < p := by
  have hpos := factorial_pos n
  obtain ⟨p, hp, hdvd⟩ := exists_prime_dvd (factorial n + 1) (by omega)
  refine ⟨p, hp, Nat.lt_of_not_le fun hle => ?_⟩
  have hfact : p ∣ factorial n := dvd_factorial (by have := hp.1; omega) hle
  have hone : p ∣ 1 := (Nat.dvd_add_right hfact).mp hdvd
  have := Nat.le_of_dvd (by decide) hone
  have := hp.1
  omega

/-- A prime is coprime to every number that it does not divide. -/
theorem IsPrime.coprime {p a : Nat} (hp : IsPrime p) (h : ¬p ∣ a) : Nat.gcd p a = 1 := by
  rcases hp.2 _ (Nat.gcd_dvd_left p a) with h1 | h1
  · exact h1
  · exact absurd (h1 ▸ Nat.gcd_dvd_right p a) h

/-- Euclid's lemma: a prime that divides a product divides one of the factors. -/
theorem IsPrime.dvd_mul {p a b : Nat} (hp : IsPrime p) (h : p ∣ a * b) : p ∣ a ∨ p ∣ b := by
  by_cases ha : p ∣ a
  · exact .inl ha
  · exact .inr (Nat.Coprime.dvd_of_dvd_mul_left (hp.coprime ha) h)

/-- The product of the numbers in a list. -/
def product : List Nat → Nat
  | [] => 1
  | a :: l => a * product l

/-- Every positive number is a product of primes. -/
theorem exists_prime_product (n : Nat) (hn : 0 < n) :
    ∃ l : List Nat, (∀ p ∈ l, IsPrime p) ∧ product l = n := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases h1 : n = 1
    · exact ⟨[], by simp, h1.symm⟩
    · obtain ⟨p, hp, k, rfl⟩ := exists_prime_dvd n (by omega)
      have hp2 : 2 ≤ p := hp.1
      have hk : 0 < k := Nat.pos_of_mul_pos_left hn
      obtain ⟨l, hl, hprod⟩ := ih k (by have := Nat.mul_le_mul_right k hp2; omega) hk
      refine ⟨p :: l, ?_, by rw [product, hprod]⟩
      intro q hq
      rcases List.mem_cons.mp hq with rfl | hq
      · exact hp
      · exact hl q hq

/-- Factorization into primes is unique up to the order of the factors. -/
theorem prime_product_unique {l m : List Nat} (hl : ∀ p ∈ l, IsPrime p) (hm : ∀ p ∈ m, IsPrime p)
    (h : product l = product m) : l.Perm m := by
  sorry

end Showcase
