-- SAY verified
import Lean
open Lean Elab Tactic
namespace Proj
local elab "close_it" : tactic => do evalTactic (← `(tactic| first | rfl | simp))
theorem main (n : Nat) : n + 0 = n := by close_it
end Proj
