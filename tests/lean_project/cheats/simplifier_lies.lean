-- SAY refused BECAUSE the kernel says
import Lean
open Lean Meta Simp
namespace Proj
local dsimproc three ((1 : Nat) + 1) := fun _ => return .done (mkNatLit 3)
set_option debug.skipKernelTC true in
theorem main : (1 : Nat) + 1 = 3 := by decide +kernel
end Proj
