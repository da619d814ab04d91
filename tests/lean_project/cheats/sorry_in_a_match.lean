-- SAY sorry
namespace Proj
theorem main : (n : Nat) → n = n + 1
  | 0 => sorry
  | _ + 1 => by sorry
end Proj
