-- SAY verified SHOWS (m : Proj.Magic)
namespace Proj
inductive Magic : Prop
  | mk : 1 = 2 → Magic
theorem main (m : Magic) : 1 = 2 := m.casesOn id
end Proj
