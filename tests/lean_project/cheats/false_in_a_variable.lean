-- SAY verified SHOWS (h : False)
namespace Proj
section
variable (h : False)
include h
theorem main : 1 = 2 := h.elim
end
end Proj
