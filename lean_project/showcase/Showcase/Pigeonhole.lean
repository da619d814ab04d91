module

public import Showcase.Parity
public import Showcase.Sums

/-!
# The pigeonhole principle

More pigeons than holes: two of them share. The rest of this module is what that gives with a little
arithmetic: remainders, blocks of a sequence, repunits, neighbours, handshakes.
-/

@[expose] public section

namespace Showcase

/-- The pigeonhole principle: of more than `n` numbers below `n`, two are equal. -/
theorem pigeonhole {m n : Nat} (f : Nat → Nat) (hnm : n < m) (hf : ∀ i, i < m → f i < n) :
    ∃ i j, i < j ∧ j < m ∧ f i = f j := by
  induction n generalizing m f with
  | zero => exact absurd (hf 0 hnm) (Nat.not_lt_zero _)
  | succ n ih =>
    obtain ⟨m, rfl⟩ : ∃ k, m = k + 1 := ⟨m - 1, by omega⟩
    by_cases hlast : ∃ i, i < m ∧ f i = f m
    · obtain ⟨i, hi, hfi⟩ := hlast
      exact ⟨i, m, hi, Nat.lt_succ_self m, hfi⟩
    · have hne : ∀ i, i < m → f i ≠ f m := fun i hi h => hlast ⟨i, hi, h⟩
      have hfm := hf m (Nat.lt_succ_self m)
      let g (i : Nat) : Nat := if f i = n then f m else f i
      have hg : ∀ i, i < m → g i < n := by
        intro i hi
        have := hf i (by omega)
        have := hne i hi
        dsimp only [g]
        split <;> omega
      obtain ⟨i, j, hij, hjm, h⟩ := ih g (by omega) hg
      refine ⟨i, j, hij, by omega, ?_⟩
      have := hne i (by omega)
      have := hne j hjm
      dsimp only [g] at h
      split at h <;> split at h <;> omega

/-- Of `n + 1` numbers, two leave the same remainder on division by `n`. -/
theorem exists_mod_eq {n : Nat} (hn : 0 < n) (a : Nat → Nat) :
    ∃ i j, i < j ∧ j < n + 1 ∧ a i % n = a j % n :=
  pigeonhole (fun i => a i % n) (Nat.lt_succ_self n) fun i _ => Nat.mod_lt (a i) hn

/-- Of any `n` numbers in a row, some neighbouring ones add up to a multiple of `n`. -/
theorem exists_dvd_block {n : Nat} (hn : 0 < n) (a : Nat → Nat) :
    ∃ i k, 0 < k ∧ i + k ≤ n ∧ n ∣ total (fun j => a (i + j)) k := by
  obtain ⟨i, j, hij, hjn, h⟩ := exists_mod_eq hn (total a)
  refine ⟨i, j - i, by omega, by omega, ?_⟩
  have hsplit := total_split a i (j - i)
  rw [Nat.add_sub_cancel' (by omega)] at hsplit
  have hdvd : n ∣ total a j - total a i :=
    Nat.dvd_of_mod_eq_zero (Nat.sub_mod_eq_zero_of_mod_eq h.symm)
  rwa [hsplit, Nat.add_sub_cancel_left] at hdvd

/-- The *repunit* with `n` digits: the number written `11…1`. -/
def repunit (n : Nat) : Nat := total (fun i => 10 ^ i) n

/-- Writing one repunit after another gives a repunit. -/
theorem repunit_add (m k : Nat) : repunit (m + k) = repunit m + 10 ^ m * repunit k := by
  simp only [repunit, total_split, Nat.pow_add, total_mul_left]

/-- Every positive number that is coprime to 10 divides a repunit. -/
theorem exists_dvd_repunit {n : Nat} (hn : 0 < n) (h10 : Nat.gcd n 10 = 1) :
    ∃ k, 0 < k ∧ n ∣ repunit k := by
  obtain ⟨i, j, hij, _, h⟩ := exists_mod_eq hn repunit
  refine ⟨j - i, by omega, ?_⟩
  have hadd := repunit_add i (j - i)
  rw [Nat.add_sub_cancel' (by omega)] at hadd
  have hdvd : n ∣ repunit j - repunit i :=
    Nat.dvd_of_mod_eq_zero (Nat.sub_mod_eq_zero_of_mod_eq h.symm)
  rw [hadd, Nat.add_sub_cancel_left] at hdvd
  exact Nat.Coprime.dvd_of_dvd_mul_left (Nat.Coprime.pow_right i h10) hdvd

/-- Of `n + 1` different numbers between 1 and `2 * n`, two are neighbours. -/
theorem exists_succ_eq {n : Nat} (f : Nat → Nat) (hf : ∀ i, i < n + 1 → 1 ≤ f i ∧ f i ≤ 2 * n)
    (hne : ∀ i j, i < j → j < n + 1 → f i ≠ f j) :
    ∃ i j, i < n + 1 ∧ j < n + 1 ∧ f j = f i + 1 := by
  obtain ⟨i, j, hij, hjn, h⟩ := pigeonhole (fun i => (f i - 1) / 2) (Nat.lt_succ_self n)
    fun i hi => by have := hf i hi; dsimp only; omega
  have := hf i (by omega)
  have := hf j hjn
  have := hne i j hij hjn
  by_cases hlt : f i < f j
  · exact ⟨i, j, by omega, hjn, by omega⟩
  · exact ⟨j, i, hjn, by omega, by omega⟩

/-- Of `n + 1` numbers between 1 and `2 * n`, repeated ones included, one divides another. -/
theorem exists_dvd_pair {n : Nat} (f : Nat → Nat) (hf : ∀ i, i < n + 1 → 1 ≤ f i ∧ f i ≤ 2 * n) :
    ∃ i j, i < n + 1 ∧ j < n + 1 ∧ i ≠ j ∧ f i ∣ f j := by
  sorry

/-- How many hands person `i` shakes, at a party of `n` people numbered from 0. -/
def handshakes (shake : Nat → Nat → Bool) (n i : Nat) : Nat :=
  total (fun j => if shake i j then 1 else 0) n

/-- At every party of two or more people, two of them shake the same number of hands. -/
theorem exists_handshakes_eq (shake : Nat → Nat → Bool) {n : Nat} (hn : 2 ≤ n)
    (symm : ∀ i j, shake i j = shake j i) (irrefl : ∀ i, shake i i = false) :
    ∃ i j, i < j ∧ j < n ∧ handshakes shake n i = handshakes shake n j := by
  let missed (i : Nat) : Nat → Nat := fun j => if shake i j then 0 else 1
  have missed_self (i : Nat) : missed i i = 1 := by simp [missed, irrefl]
  have shaken_add_missed (i : Nat) : handshakes shake n i + total (missed i) n = n := by
    have hone : (fun j => (if shake i j then 1 else 0) + missed i j) = fun _ => 1 := by
      funext j
      cases h : shake i j <;> simp [missed, h]
    rw [handshakes, ← total_add, hone, total_const, Nat.mul_one]
  by_cases hloner : ∃ a, a < n ∧ handshakes shake n a = 0
  · -- Somebody shakes no hand: everybody misses two, their own and that person's.
    obtain ⟨a, ha, hnone⟩ := hloner
    refine pigeonhole (n := n - 1) (handshakes shake n) (by omega) fun i hi => ?_
    have hmissed : missed i a = 1 := by
      have hle := le_total (fun j => if shake a j then 1 else 0) hi
      have hzero : total (fun j => if shake a j then 1 else 0) n = 0 := hnone
      cases h : shake a i
      · simp [missed, symm i a, h]
      · simp [h] at hle
        omega
    have := shaken_add_missed i
    have := missed_self i
    rcases Nat.lt_trichotomy i a with h | rfl | h
    · have := add_le_total (missed i) h ha
      omega
    · omega
    · have := add_le_total (missed i) h hi
      omega
  · -- Everybody shakes at least one hand and misses their own.
    obtain ⟨i, j, hij, hjn, h⟩ := pigeonhole (m := n) (n := n - 1)
      (fun i => handshakes shake n i - 1) (by omega) fun i hi => by
        have := shaken_add_missed i
        have := missed_self i
        have := le_total (missed i) hi
        dsimp only
        omega
    have hpos : ∀ k, k < n → handshakes shake n k ≠ 0 := fun k hk h => hloner ⟨k, hk, h⟩
    have := hpos i (by omega)
    have := hpos j hjn
    exact ⟨i, j, hij, hjn, by omega⟩

end Showcase
