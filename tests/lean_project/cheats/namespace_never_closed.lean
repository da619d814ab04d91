-- SAY absent
namespace Proj
namespace Draft
theorem main : 1 + 1 = 2 := rfl
