-- SAY sorry BECAUSE uses `sorry`
namespace Proj
local notation "obvious" => sorry
theorem main : 1 = 2 := obvious
end Proj
