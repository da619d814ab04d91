-- SAY verified SHOWS [Proj.Oracle]
namespace Proj
class Oracle : Prop where
  all : ∀ p : Prop, p
theorem main [Oracle] : 1 = 2 := Oracle.all _
end Proj
