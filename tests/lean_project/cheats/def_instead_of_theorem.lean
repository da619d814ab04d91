-- SAY sorry
namespace Proj
def main : 1 = 2 := sorry
end Proj
