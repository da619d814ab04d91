-- SAY absent
namespace Proj
mutual
theorem main : 1 = 2 := other
theorem other : 1 = 2 := main
end
end Proj
