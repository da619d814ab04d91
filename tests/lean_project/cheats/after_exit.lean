-- SAY absent
namespace Proj
theorem other : True := trivial
#exit
theorem main : 1 + 1 = 2 := rfl
end Proj
