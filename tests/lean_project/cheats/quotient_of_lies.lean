-- SAY proved BECAUSE Proj.related
namespace Proj
theorem related : Quot.mk (fun _ _ : Nat => True) 1 = Quot.mk _ 2 → 1 = 2 := sorry
theorem main : 1 = 2 := related (Quot.sound trivial)
end Proj
