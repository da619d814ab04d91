-- SAY absent
namespace Proj
partial def main (n : Nat) : 1 = 2 := main (n + 1)
end Proj
