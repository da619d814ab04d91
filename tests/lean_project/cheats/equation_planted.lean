-- SAY absent
namespace Proj
def value : Nat := 1
theorem value.eq_1 : value = 2 := sorry
theorem main : value = 2 := value.eq_1
end Proj
