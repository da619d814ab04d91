-- SAY proved BECAUSE Proj.decided
namespace Proj
instance (priority := high) decided : Decidable (1 = 2) := .isTrue sorry
theorem main : 1 = 2 := by decide
end Proj
