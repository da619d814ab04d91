-- SAY refused BECAUSE the kernel says
namespace Proj
def slow (n : Nat) : Nat := n
def fast (_ : Nat) : Nat := 7
@[csimp] theorem same : @slow = @fast := sorry
theorem main : slow 1 = 7 := by native_decide
end Proj
