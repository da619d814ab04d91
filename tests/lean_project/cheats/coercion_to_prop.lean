-- SAY verified SHOWS True
namespace Proj
instance truth : CoeSort Nat Prop := ⟨fun _ => True⟩
theorem main : (5 : Nat) := trivial
end Proj
