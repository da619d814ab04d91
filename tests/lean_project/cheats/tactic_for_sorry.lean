-- SAY sorry
namespace Proj
local macro "trust_me" : tactic => `(tactic| exact sorryAx _ true)
theorem main : 1 = 2 := by trust_me
end Proj
