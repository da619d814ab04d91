-- SAY verified USES Proj.two
namespace Proj
local instance (priority := high) two : OfNat Nat 2 := ⟨1⟩
theorem main : (1 : Nat) = 2 := rfl
end Proj
