-- SAY refused BECAUSE proves nothing
namespace Proj
instance main : Decidable (1 = 2) := .isFalse (by decide)
end Proj
