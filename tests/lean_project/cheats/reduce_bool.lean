-- SAY refused BECAUSE the kernel says
namespace Proj
def yes : Bool := true
theorem main : yes = true := Lean.ofReduceBool yes true rfl
end Proj
