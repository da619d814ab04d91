-- SAY refused BECAUSE the axiom `Proj.propext`
namespace Proj
axiom propext : 1 = 2
theorem main : 1 = 2 := propext
end Proj
