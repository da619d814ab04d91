-- SAY verified SHOWS True
namespace Proj
local notation "RiemannHypothesis" => True
theorem main : RiemannHypothesis := trivial
end Proj
