-- SAY verified USES Proj.hijacked
namespace Proj
instance (priority := high) hijacked : HAdd Nat Nat Nat := ⟨fun _ _ => 0⟩
theorem main (a b : Nat) : a + b = 0 := rfl
end Proj
