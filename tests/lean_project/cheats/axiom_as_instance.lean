-- SAY refused BECAUSE the axiom `Proj.oracle`
namespace Proj
axiom oracle : Inhabited (1 = 2)
attribute [instance] oracle
theorem main : 1 = 2 := default
end Proj
