-- SAY absent WARNS mixes letters
namespace Proj
theorem «mаin» : 1 + 1 = 2 := rfl
end Proj
