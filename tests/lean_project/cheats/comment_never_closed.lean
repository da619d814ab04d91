-- SAY absent
namespace Proj
/- the rest
theorem main : 1 + 1 = 2 := rfl
end Proj
