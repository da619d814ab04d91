module

public import Showcase.Parity
public import Showcase.Primes

/-!
# Square roots that are not fractions

The square root of two by parity, and of any prime by Euclid's lemma: both are infinite descents.
-/

@[expose] public section

namespace Showcase

/-- The square root of two is irrational: twice a square is a square only if it is zero. -/
theorem sqrt_two_irrational (a b : Nat) (h : a * a = 2 * (b * b)) : b = 0 := by
  induction b using Nat.strongRecOn generalizing a with
  | ind b ih =>
    obtain ⟨c, rfl⟩ := even_of_even_mul_self ⟨b * b, h⟩
    have hb : b * b = 2 * (c * c) := by grind
    obtain ⟨d, rfl⟩ := even_of_even_mul_self ⟨c * c, hb⟩
    have hc : c * c = 2 * (d * d) := by grind
    by_cases hd : d = 0
    · omega
    · exact absurd (ih d (by omega) c hc) hd

/-- The square root of a prime is irrational. -/
theorem sqrt_prime_irrational {p : Nat} (hp : IsPrime p) (a b : Nat) (h : a * a = p * (b * b)) :
    b = 0 := by
  have dvd_of_dvd_mul_self {n : Nat} (hn : p ∣ n * n) : p ∣ n := (hp.dvd_mul hn).elim id id
  have hpos : 0 < p := Nat.lt_of_lt_of_le (by decide) hp.1
  induction b using Nat.strongRecOn generalizing a with
  | ind b ih =>
    obtain ⟨c, rfl⟩ := dvd_of_dvd_mul_self ⟨b * b, h⟩
    have hb : b * b = p * (c * c) := by
      apply Nat.eq_of_mul_eq_mul_left hpos
      grind
    obtain ⟨d, rfl⟩ := dvd_of_dvd_mul_self ⟨c * c, hb⟩
    have hc : c * c = p * (d * d) := by
      apply Nat.eq_of_mul_eq_mul_left hpos
      grind
    by_cases hd : d = 0
    · rw [hd, Nat.mul_zero]
    · have hlt : d < p * d := (Nat.lt_mul_iff_one_lt_left (Nat.pos_of_ne_zero hd)).mpr hp.1
      exact absurd (ih d hlt c hc) hd

end Showcase
