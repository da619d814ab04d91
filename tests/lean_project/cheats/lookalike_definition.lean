-- SAY verified WARNS mixes letters
namespace Proj
def Goldbach : Prop := ∀ n, 2 < n → ∃ p, p < n
def Gοldbach : Prop := True
theorem main : Gοldbach := trivial
end Proj
